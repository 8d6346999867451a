import fc from 'fast-check';
import * as sets from '../../src/territory/spans.js';
import { runs } from '../support/seed.js';

type Pair = readonly [start: number, end: number];

/** Intervals in a world of `atoms`, many of which begin and end at multiples of 32. */
function intervals(atoms: number, maxLength: number): fc.Arbitrary<Pair[]> {
  const place = fc.oneof(
    fc.nat(atoms),
    fc.nat(atoms >> 5).map((word) => word * 32),
    fc.nat(atoms >> 5).map((word) => Math.min(word * 32 + 31, atoms)),
  );
  const interval = fc
    .oneof(
      fc.tuple(place, place),
      place.map((start): Pair => [start, start + 1]),
    )
    .map(([a, b]): Pair => [Math.min(a, b), Math.max(a, b)])
    .filter(([start, end]) => start < end && end <= atoms);
  return fc.array(interval, { maxLength, size: 'max' });
}

function atomsOf(pairs: readonly Pair[]): Set<number> {
  const atoms = new Set<number>();
  for (const [start, end] of pairs) for (let atom = start; atom < end; atom++) atoms.add(atom);
  return atoms;
}

/** The one list of disjoint, non-touching intervals with these atoms. */
function spansOf(atoms: ReadonlySet<number>): number[] {
  const spans: number[] = [];
  for (const atom of [...atoms].sort((a, b) => a - b)) {
    if (spans.at(-1) === atom) spans[spans.length - 1] = atom + 1;
    else spans.push(atom, atom + 1);
  }
  return spans;
}

function collect(atoms: number, pairs: readonly Pair[]): sets.Spans {
  const collector = new sets.SpanCollector(atoms);
  for (const [start, end] of pairs) collector.add(start, end);
  return collector.finish();
}

describe('the collector of intervals', () => {
  it.each([1, 31, 32, 33, 64, 100])('brings any intervals of %i atoms into the one form, few or many', (atoms) => {
    fc.assert(
      fc.property(intervals(atoms, 80), (pairs) => {
        expect(collect(atoms, pairs)).toEqual(spansOf(atomsOf(pairs)));
      }),
    );
  });

  it('does so by sorting and by marking alike', () => {
    fc.assert(
      fc.property(intervals(300, 60), (pairs) => {
        const repeated = Array.from({ length: 64 }, () => pairs).flat();
        expect(collect(300, repeated)).toEqual(collect(300, pairs));
      }),
    );
  });

  it('keeps the last atom of a world that fills its last word', () => {
    for (const atoms of [32, 64, 96]) {
      const each = Array.from({ length: atoms }, (_, i): Pair => [atoms - 1 - i, atoms - i]);
      expect(collect(atoms, [...each, ...each])).toEqual([0, atoms]);
      expect(
        collect(
          atoms,
          Array.from({ length: 40 }, (): Pair => [atoms - 1, atoms]),
        ),
      ).toEqual([atoms - 1, atoms]);
    }
  });

  it('sorts exactly at the far end of the largest world', () => {
    const last = sets.MAX_ATOMS;
    const pairs: Pair[] = [
      [last - 1, last],
      [0, 1],
      [last - 3, last - 1],
      [0, last - 4],
    ];
    expect(collect(last, pairs)).toEqual([0, last - 4, last - 3, last]);
  });

  it('takes whole sets', () => {
    const collector = new sets.SpanCollector(10);
    collector.addAll([1, 3, 5, 6]);
    collector.addAll([]);
    collector.addAll([3, 4]);
    expect(collector.finish()).toEqual([1, 4, 5, 6]);
    expect(new sets.SpanCollector(10).finish()).toEqual([]);
  });
});

describe('sets of intervals', () => {
  it('do what sets of atoms do', () => {
    fc.assert(
      fc.property(intervals(90, 12), intervals(90, 12), (one, other) => {
        const [setA, setB] = [atomsOf(one), atomsOf(other)];
        const [a, b] = [spansOf(setA), spansOf(setB)];
        expect(sets.union(a, b)).toEqual(spansOf(new Set([...setA, ...setB])));
        expect(sets.intersection(a, b)).toEqual(spansOf(new Set([...setA].filter((atom) => setB.has(atom)))));
        expect(sets.difference(a, b)).toEqual(spansOf(new Set([...setA].filter((atom) => !setB.has(atom)))));
        expect(sets.contains(a, b)).toBe([...setB].every((atom) => setA.has(atom)));
        expect(sets.contains(sets.union(a, b), b)).toBe(true);
        expect(sets.disjoint(a, b)).toBe([...setB].every((atom) => !setA.has(atom)));
        expect(sets.equal(a, b)).toBe(a.join() === b.join());
        expect(sets.equal(a, [...a])).toBe(true);
        expect(sets.size(a)).toBe(setA.size);
        for (const [start, end] of other) {
          const range = Array.from({ length: end - start }, (_, i) => start + i);
          expect(sets.containsRange(a, start, end)).toBe(range.every((atom) => setA.has(atom)));
        }
        for (let atom = 0; atom < 90; atom++) {
          const first = a.findIndex((end, i) => i % 2 === 1 && end > atom);
          const place = first < 0 ? a.length : first - 1;
          for (let from = 0; from <= place; from += 2) expect(sets.firstEndingAfter(a, atom, from)).toBe(place);
        }
      }),
      { numRuns: runs(150) },
    );
  });
});
