import { InvalidJson, JsonScanner, textOf } from './scanner.js';

/** The elements of an array, as offsets. */
export interface Elements extends Array<{ readonly start: number; readonly end: number }> {
  /** Right behind the opening bracket. */
  start: number;
  /** Where the closing bracket stands. */
  end: number;
}

/**
 * Where the elements of the array under a name of the outermost object stand; `undefined` where there is no such array.
 * Keeps nothing else, so it can be used on large answers. Throws `InvalidJson`.
 */
export function elementsOf(buffer: Buffer, name: string): Elements | undefined {
  const scanner = new JsonScanner(buffer);
  scanner.mark();
  if (scanner.space() !== 0x7b) return undefined;
  scanner.pos++;
  for (;;) {
    const c = scanner.space();
    if (c !== 0x22) return undefined;
    const start = scanner.pos;
    scanner.string();
    const key = textOf(buffer, start, scanner.pos, scanner.escaped);
    if (scanner.space() !== 0x3a) scanner.fail();
    scanner.pos++;
    if (key === name && scanner.space() === 0x5b) return readElements(scanner);
    skip(scanner);
    if (scanner.space() !== 0x2c) return undefined;
    scanner.pos++;
  }
}

function readElements(scanner: JsonScanner): Elements {
  scanner.pos++;
  const elements = Object.assign([], { start: scanner.pos, end: scanner.pos }) as Elements;
  if (scanner.space() !== 0x5d) {
    for (;;) {
      scanner.space();
      const start = scanner.pos;
      skip(scanner);
      elements.push({ start, end: scanner.pos });
      const c = scanner.space();
      if (c === 0x5d) break;
      if (c !== 0x2c) scanner.fail();
      scanner.pos++;
    }
  }
  elements.end = scanner.pos;
  return elements;
}

/** Passes over one value by its brackets. */
function skip(scanner: JsonScanner): void {
  let depth = 0;
  do {
    const c = scanner.space();
    if (c === 0x22) scanner.string();
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      scanner.pos++;
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
      scanner.pos++;
    } else if (c === 0x2c || c === 0x3a) scanner.pos++;
    else if (c < 0) throw new InvalidJson(scanner.pos);
    else scanner.scalar();
  } while (depth > 0);
}
