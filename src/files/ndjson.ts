import { isUtf8 } from 'node:buffer';
import type { BuildFault } from '../territory/errors.js';
import type { UnitInput } from '../territory/unit.js';
import { readLines } from './read-lines.js';

/**
 * Units from lines of JSON, one object a line; empty lines are skipped, members that a unit doesn't have are not read.
 * A line that is no JSON object becomes a fault; whether the values make sense is for the build to say.
 */
export async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncIterableIterator<UnitInput | BuildFault> {
  let line = 0;
  for await (const lines of readLines(chunks)) {
    for (const bytes of lines) {
      line++;
      const text = line === 1 ? withoutMark(bytes.toString('utf8')) : bytes.toString('utf8');
      if (!isUtf8(bytes)) yield malformed(line, 'is not UTF-8');
      else if (text.trim() !== '') yield unitOf(text, line);
    }
  }
}

/** Some programs begin a file with a byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function unitOf(text: string, line: number): UnitInput | BuildFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(line, `is no JSON: ${(error as SyntaxError).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed(line, 'is no JSON object; a unit is one, as in {"code":"COM:69123","label":"Lyon"}');
  }
  if (!('code' in value)) return malformed(line, 'has no "code"');
  // The build checks the type of every value, because it gets units from anywhere.
  const { code, label, parents, inhabitants, postal_codes, former_codes } = value as UnitInput;
  return { code, label, parents, inhabitants, postal_codes, former_codes, line };
}

function malformed(line: number, what: string): BuildFault {
  return { fault: 'malformed_unit', code: '', line, message: `the line ${what}` };
}
