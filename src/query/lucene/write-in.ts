import type { Reading } from './shorthand.js';

/** The most codes that a query string is given; more are split off. Elasticsearch's own clause limit is 1,024 or more. */
export const MAX_CODES_WRITTEN_IN = 512;

/** Parameters of a `query_string` that decide whether an expansion may stand in its text. Absent: not given. */
export interface QueryStringSettings {
  readonly analyzer?: unknown;
  readonly quote_analyzer?: unknown;
  readonly quote_field_suffix?: unknown;
  readonly minimum_should_match?: unknown;
  readonly escape?: unknown;
}

/** A stretch of a query string, in UTF-16 units, and what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Why expansions can't stand in the text of a query, as a sentence; undefined where they can. What an analyzer or a
 * suffix does to words in quotes it would do to codes too.
 *
 * @param codes how many codes all expansions of the string list together
 * @param texts as `edits` takes them
 */
export function whyNotWrittenIn(
  settings: QueryStringSettings,
  codes: number,
  reading: Reading,
  texts: readonly string[],
): string | undefined {
  for (const name of ['analyzer', 'quote_analyzer', 'quote_field_suffix'] as const) {
    if (isGiven(settings[name])) {
      return `the query has [${name}], which would change the codes that stand in its text`;
    }
  }
  if (codes > MAX_CODES_WRITTEN_IN) {
    return `the territories of the query string are ${codes} codes, and at most ${MAX_CODES_WRITTEN_IN} may stand in its text`;
  }
  // Elasticsearch counts the clauses of the outermost group: in a string of the shorthand alone, those of its expansion.
  if (reading.sole && isGiven(settings.minimum_should_match) && texts.some((text) => /^\(+\+(?!\*)/.test(text))) {
    return 'the query has [minimum_should_match], and its text is nothing but the shorthand: leave the parameter out';
  }
  return undefined;
}

/**
 * What changes in a query string when each use of the shorthand is replaced by its expansion; all else stays.
 *
 * @param texts the clause of `luceneText` for each of the reading's uses, in order, with the use's boost
 */
export function edits(reading: Reading, texts: readonly string[]): Edit[] {
  const { text, uses, cuts } = reading;
  if (texts.length !== uses.length) throw new RangeError(`${uses.length} uses, but ${texts.length} expansions`);
  const list: Edit[] = cuts.map(([start, end]) => ({ start, end, text: '' }));
  for (const [i, { start, end }] of uses.entries()) {
    // A boost takes every digit beside it, so one that is not its own is kept apart.
    const before = /[\d.]/.test(text[start - 1] ?? '') ? ' ' : '';
    const after = /[\d.]/.test(text[end] ?? '') ? ' ' : '';
    list.push({ start, end, text: before + texts[i] + after });
  }
  return list.sort((a, b) => a.start - b.start);
}

/** The query string with its shorthand replaced; see `edits`. */
export function writeIn(reading: Reading, texts: readonly string[]): string {
  return applyEdits(reading.text, edits(reading, texts));
}

/** A text with the edits made in it, which are in order and don't overlap. */
export function applyEdits(text: string, list: readonly Edit[]): string {
  let edited = '';
  let from = 0;
  for (const { start, end, text: replacement } of list) {
    edited += text.slice(from, start) + replacement;
    from = end;
  }
  return edited + text.slice(from);
}

function isGiven(setting: unknown): boolean {
  return setting !== undefined && setting !== null;
}
