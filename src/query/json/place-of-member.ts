import { JsonScanner, textOf } from './scanner.js';
import { tooDeep } from './too-deep.js';

/** Where a member's value stands in an object, or, where the object has no such member, where one can be put. */
export type PlaceOfMember =
  | { readonly kind: 'replace'; readonly start: number; readonly end: number }
  /** Right behind the brace that opens the object; `empty`: it has no members at all. */
  | { readonly kind: 'insert'; readonly at: number; readonly empty: boolean };

/**
 * The place of a member of the outermost object; `undefined` where the bytes are no object. Throws `InvalidJson`, and
 * `TerritoryTooLargeError` for what nests deeper than `levels`.
 */
export function placeOfMember(buffer: Buffer, name: string, levels: number): PlaceOfMember | undefined {
  const scanner = new JsonScanner(buffer);
  scanner.mark();
  if (scanner.space() !== 0x7b) return undefined;
  scanner.pos++;
  const at = scanner.pos;
  let found: PlaceOfMember | undefined;
  let empty = true;
  for (let c = scanner.space(); c !== 0x7d; c = scanner.space()) {
    if (!empty) {
      if (c !== 0x2c) scanner.fail();
      scanner.pos++;
      c = scanner.space();
    }
    empty = false;
    if (c !== 0x22) scanner.fail();
    const nameAt = scanner.pos;
    scanner.string();
    const key = textOf(buffer, nameAt, scanner.pos, scanner.escaped);
    if (scanner.space() !== 0x3a) scanner.fail();
    scanner.pos++;
    const first = scanner.space();
    const start = scanner.pos;
    if (first === 0x7b || first === 0x5b) {
      if (!scanner.container(levels)) throw tooDeep(levels);
    } else if (first === 0x22) scanner.string();
    else scanner.scalar();
    if (key === name) found = { kind: 'replace', start, end: scanner.pos };
  }
  return found ?? { kind: 'insert', at, empty };
}
