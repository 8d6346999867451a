import fc from 'fast-check';
import { TerritoryTree } from '../../src/territory/index.js';

/** Its 1,003 codes fill three blocks and a part of a fourth. */
const tree = TerritoryTree.build([
  { code: 'DEP:69', label: 'Rhône', parents: [] },
  { code: 'DEP:01', label: 'Ain', parents: [] },
  ...Array.from({ length: 1000 }, (_, i) => ({
    code: `COM:${69_000 + i * 3}`,
    label: '',
    parents: [i < 600 ? 'DEP:69' : 'DEP:01'],
    ...(i === 500 && { former_codes: ['COM:69001'] }),
  })),
]);
const everyKey = Array.from({ length: tree.unitCount + tree.formerCodeCount }, (_, key) => key);
const sorted = everyKey.map((key) => tree.codeAt(key)).sort();

/** Keys whose codes follow each other, with holes between them: what territories are made of. */
const stretches = fc
  .array(fc.tuple(fc.nat({ max: sorted.length - 1 }), fc.integer({ min: 1, max: 400 })), { maxLength: 8 })
  .map((list) => list.flatMap(([from, length]) => sorted.slice(from, from + length)));

const keyOf = new Map(everyKey.map((key) => [tree.codeAt(key), key]));
const listOf = (codes: readonly string[]) => tree.codeList(codes.map((code) => keyOf.get(code)!));

describe('a list of codes', () => {
  it('holds each code once, in code order, as strings and as JSON', () => {
    fc.assert(
      fc.property(stretches, (codes) => {
        const expected = [...new Set(codes)].sort();
        const list = listOf(codes);
        expect(list.length).toBe(expected.length);
        expect(list.toArray()).toEqual(expected);
        expect(list.toJson()).toBe(JSON.stringify(expected));
      }),
    );
  });

  it('prints any part of itself', () => {
    fc.assert(
      fc.property(stretches, fc.nat({ max: 1003 }), fc.nat({ max: 1003 }), (codes, one, other) => {
        const expected = [...new Set(codes)].sort();
        const [from, to] = [Math.min(one, other, expected.length), Math.min(Math.max(one, other), expected.length)];
        expect(listOf(codes).toJson(from, to)).toBe(JSON.stringify(expected.slice(from, to)));
      }),
    );
  });

  it('prints all codes of a tree, its former ones among them', () => {
    expect(sorted).toHaveLength(1003);
    expect(sorted).toContain('COM:69001');
    expect(listOf(sorted).toJson()).toBe(JSON.stringify(sorted));
  });
});
