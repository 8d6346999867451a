import { InvalidJson, JsonScanner, textOf } from './scanner.js';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value with the offsets of its bytes. Numbers and literals keep only these. */
export type JsonValue =
  | (Span & { readonly kind: 'object'; readonly members: readonly JsonMember[] })
  | (Span & { readonly kind: 'array'; readonly items: readonly JsonValue[] })
  | (Span & { readonly kind: 'string'; readonly text: string })
  | (Span & { readonly kind: 'scalar'; readonly text: string });

export interface JsonMember {
  readonly name: string;
  /** Where the quote of the name stands. */
  readonly start: number;
  readonly value: JsonValue;
}

/** Elasticsearch's own parser reads no deeper. */
const MOST_LEVELS = 1000;

/**
 * Reads the member (`"name": value`) whose name's quote stands at `start`. Recurses, so it is for what a walker has
 * passed over, or for short lines. Throws `InvalidJson`, also for what nests deeper than 1,000 levels.
 */
export function readMember(buffer: Buffer, start: number): JsonMember {
  const scanner = new JsonScanner(buffer, start);
  return member(buffer, scanner, 0);
}

/** Reads the value that stands at `start`, white space and comments before it included. Throws `InvalidJson`. */
export function readValue(buffer: Buffer, start = 0): JsonValue {
  const scanner = new JsonScanner(buffer, start);
  scanner.mark();
  return value(buffer, scanner, 0);
}

/** As `readValue`, from the start; `undefined` where the bytes are no JSON. */
export function valueIfJson(buffer: Buffer): JsonValue | undefined {
  try {
    return readValue(buffer);
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
  }
}

/** The value of a member by its name; the last one where it is given twice. */
export function memberOf(object: JsonValue, name: string): JsonValue | undefined {
  if (object.kind !== 'object') return undefined;
  return object.members.findLast((entry) => entry.name === name)?.value;
}

function member(buffer: Buffer, scanner: JsonScanner, level: number): JsonMember {
  const start = scanner.pos;
  if (buffer[start] !== 0x22) scanner.fail();
  scanner.string();
  const name = textOf(buffer, start, scanner.pos, scanner.escaped);
  if (scanner.space() !== 0x3a) scanner.fail();
  scanner.pos++;
  return { name, start, value: value(buffer, scanner, level) };
}

function value(buffer: Buffer, scanner: JsonScanner, level: number): JsonValue {
  if (level > MOST_LEVELS) scanner.fail();
  const c = scanner.space();
  const start = scanner.pos;
  if (c === 0x7b) {
    const members: JsonMember[] = [];
    list(scanner, 0x7d, () => members.push(member(buffer, scanner, level + 1)));
    return { kind: 'object', start, end: scanner.pos, members };
  }
  if (c === 0x5b) {
    const items: JsonValue[] = [];
    list(scanner, 0x5d, () => items.push(value(buffer, scanner, level + 1)));
    return { kind: 'array', start, end: scanner.pos, items };
  }
  if (c === 0x22) {
    scanner.string();
    return { kind: 'string', start, end: scanner.pos, text: textOf(buffer, start, scanner.pos, scanner.escaped) };
  }
  scanner.scalar();
  return { kind: 'scalar', start, end: scanner.pos, text: buffer.toString('latin1', start, scanner.pos) };
}

/** Reads what stands between brackets, the scanner at the opening one. */
function list(scanner: JsonScanner, close: number, element: () => void): void {
  scanner.pos++;
  if (scanner.space() !== close) {
    for (;;) {
      scanner.space();
      element();
      const c = scanner.space();
      if (c === close) break;
      if (c !== 0x2c) scanner.fail();
      scanner.pos++;
    }
  }
  scanner.pos++;
}
