import { TerritorySyntaxError } from '../../territory/errors.js';

/**
 * The characters that a word or a quoted text of a query string stands for: `\x` is `x`, `\u0041` is `A` (Lucene's
 * `QueryParserBase.discardEscapeChar`).
 *
 * @throws TerritorySyntaxError where a `\u` has no four hexadecimal digits; `offset` is where `raw` begins in the string
 */
export function discardEscapes(raw: string, offset = 0): string {
  if (!raw.includes('\\')) return raw;
  let plain = '';
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== '\\') {
      plain += raw[i];
      continue;
    }
    i++;
    if (raw[i] !== 'u') {
      plain += raw[i] ?? '';
      continue;
    }
    const digits = raw.slice(i + 1, i + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      const column = offset + i;
      throw new TerritorySyntaxError(
        `four hexadecimal digits must follow \\u at column ${column} of the query string`,
        column,
      );
    }
    plain += String.fromCharCode(Number.parseInt(digits, 16));
    i += 4;
  }
  return plain;
}
