import fc from 'fast-check';
import { suffixSort } from '../../src/territory/suffix-sort.js';

/** Texts one after another, each ended by a 0, and every place in them. */
function placesOf(texts: readonly string[]): { text: Uint16Array; suffixes: Map<number, string> } {
  const joined = texts.map((text) => `${text}\0`).join('');
  const text = Uint16Array.from(joined, (_, i) => joined.charCodeAt(i));
  const suffixes = new Map<number, string>();
  for (let i = 0; i < joined.length; i++) suffixes.set(i, joined.slice(i, joined.indexOf('\0', i)));
  return { text, suffixes };
}

describe('sorting suffixes', () => {
  it('gives the order of JavaScript, and that of the places where two are the same', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uffff'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.boolean(), (texts, backwards) => {
        const { text, suffixes } = placesOf(texts);
        const positions = Uint32Array.from(suffixes.keys());
        if (backwards) positions.reverse();
        suffixSort(text, positions);
        const expected = [...suffixes].sort(([i, a], [j, b]) => (a < b ? -1 : a > b ? 1 : i - j)).map(([i]) => i);
        expect([...positions]).toEqual(expected);
      }),
    );
  });

  it('takes a hundred thousand equal texts, and one very long one', () => {
    const { text } = { text: new Uint16Array(200_000).map((_, i) => (i % 2 ? 0 : 97)) };
    const positions = Uint32Array.from({ length: 100_000 }, (_, i) => 199_998 - 2 * i);
    suffixSort(text, positions);
    expect(positions.every((position, i) => position === 2 * i)).toBe(true);
    const long = new Uint16Array(5001).fill(97, 0, 5000);
    const all = Uint32Array.from({ length: 5001 }, (_, i) => i);
    suffixSort(long, all);
    expect(all.every((position, i) => position === 5000 - i)).toBe(true);
  });
});
