import fc from 'fast-check';
import { compress } from '../../src/territory/arrows.js';
import { findRings } from '../../src/territory/rings.js';
import { runs } from '../support/seed.js';

/** Lists of targets; a node may have an arrow to itself, but none twice. */
const graphs = fc
  .integer({ min: 0, max: 12 })
  .chain((n) => fc.array(fc.uniqueArray(fc.nat(Math.max(0, n - 1)), { maxLength: 3 }), { minLength: n, maxLength: n }));

/** Nodes that arrows lead to from a node, itself only where they lead back. */
function reachable(lists: readonly number[][], from: number): Set<number> {
  const found = new Set<number>();
  const pending = [...lists[from]!];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!found.has(node)) pending.push(...lists[node]!);
    found.add(node);
  }
  return found;
}

describe('the rings of a graph', () => {
  it('are rings, and name exactly the nodes that lie on one', () => {
    fc.assert(
      fc.property(graphs, (lists) => {
        const rings = findRings(compress(lists));
        for (const ring of rings) {
          expect(ring.at(-1)).toBe(ring[0]);
          expect(new Set(ring).size).toBe(ring.length - 1);
          ring.slice(1).forEach((node, i) => {
            expect(lists[ring[i]!]).toContain(node);
          });
        }
        const onRings = lists.flatMap((_, node) => (reachable(lists, node).has(node) ? [node] : []));
        expect(new Set(rings.flat())).toEqual(new Set(onRings));
        expect(new Set(rings.map((ring) => ring.join())).size).toBe(rings.length);
      }),
      { numRuns: runs(300) },
    );
  });

  it('are found however long they are', () => {
    const length = 200_000;
    const ring = Array.from({ length }, (_, node) => [(node + 1) % length]);
    expect(findRings(compress(ring)).map((nodes) => nodes.length)).toEqual([length + 1]);
    expect(findRings(compress([...ring.slice(0, -1), []]))).toEqual([]);
  });
});
