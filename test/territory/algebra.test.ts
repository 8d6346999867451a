import fc from 'fast-check';
import { MixedTreesError, type Territory, type Unit } from '../../src/territory/index.js';
import type { Atoms, Model } from './support/model.js';
import { build, type Case, cases } from './support/worlds.js';

/** The atoms of a territory, by its own account. */
function atomsOf(territory: Territory, model: Model): Atoms {
  return new Set(territory.inside().flatMap(({ code }: Unit) => (model.world.has(code) ? [code] : [])));
}

function territories({ tree, picks }: Case): Territory[] {
  return picks.map((codes) => tree.territory(...codes));
}

describe('the algebra of territories', () => {
  it('is that of sets of atoms', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const [a, b] = territories(c) as [Territory, Territory];
        const [setA, setB] = c.picks.map((codes) => c.model.atomsOfAll(codes)) as [Set<string>, Set<string>];
        expect(atomsOf(a, c.model)).toEqual(setA);
        expect(a.atomCount).toBe(setA.size);
        expect(a.isEmpty).toBe(setA.size === 0);
        expect(atomsOf(a.union(b), c.model)).toEqual(new Set([...setA, ...setB]));
        expect(atomsOf(a.intersection(b), c.model)).toEqual(new Set([...setA].filter((x) => setB.has(x))));
        const [onlyA, onlyB] = [[...setA].filter((x) => !setB.has(x)), [...setB].filter((x) => !setA.has(x))];
        expect(atomsOf(a.difference(b), c.model)).toEqual(new Set(onlyA));
        expect(atomsOf(a.symmetricDifference(b), c.model)).toEqual(new Set([...onlyA, ...onlyB]));
        expect(a.isSubsetOf(b)).toBe(onlyA.length === 0);
        expect(a.isSupersetOf(b)).toBe(onlyB.length === 0);
        expect(a.isDisjointFrom(b)).toBe(onlyA.length === setA.size);
        expect(a.equals(b)).toBe(onlyA.length + onlyB.length === 0);
      }),
    );
  });

  it('keeps the laws of sets', () => {
    fc.assert(
      fc.property(cases(3), (c) => {
        const [a, b, d] = territories(c) as [Territory, Territory, Territory];
        const root = c.tree.territory(...c.model.codes);
        const not = (x: Territory) => root.difference(x);
        const same = (x: Territory, y: Territory) => {
          expect(x.equals(y)).toBe(true);
          expect(x.codes).toEqual(y.codes);
        };
        for (const operation of ['union', 'intersection', 'symmetricDifference'] as const) {
          same(a[operation](b), b[operation](a));
          same(a[operation](b)[operation](d), a[operation](b[operation](d)));
        }
        same(a.intersection(b.union(d)), a.intersection(b).union(a.intersection(d)));
        same(a.union(b.intersection(d)), a.union(b).intersection(a.union(d)));
        same(not(a.union(b)), not(a).intersection(not(b)));
        same(not(a.intersection(b)), not(a).union(not(b)));
        same(not(not(a)), a);
        same(a.union(a), a);
        same(a.intersection(a), a);
        same(a.union(c.tree.empty), a);
        same(a.intersection(c.tree.empty), c.tree.empty);
        same(a.difference(a), c.tree.empty);
        same(a.difference(b), a.intersection(not(b)));
        same(a.symmetricDifference(b), a.union(b).difference(a.intersection(b)));
      }),
    );
  });

  it('refuses territories of two trees, even of the same version', () => {
    const [one, other] = fc.sample(cases(1), { numRuns: 2, seed: 7 }).map(({ world }) => world) as [never, never];
    const a = build(one).territory();
    for (const b of [build(one).territory(), build(other).territory()]) {
      for (const operation of ['union', 'intersection', 'difference', 'symmetricDifference'] as const) {
        expect(() => a[operation](b)).toThrow(MixedTreesError);
      }
      for (const question of ['isSubsetOf', 'isSupersetOf', 'isDisjointFrom', 'equals'] as const) {
        expect(() => a[question](b)).toThrow(MixedTreesError);
      }
    }
    expect(() => a.union(build(one).territory())).toThrow(/loaded apart/);
  });
});

describe('what a territory remembers of how it was written', () => {
  it('is the codes, as long as there are only codes and unions', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const [a, b] = territories(c) as [Territory, Territory];
        expect(a.written).toEqual(c.picks[0]);
        expect(new Set(a.union(b).written)).toEqual(new Set(c.picks.flat()));
        expect(a.intersection(b).written).toBeUndefined();
        expect(a.difference(b).written).toBeUndefined();
        expect(a.symmetricDifference(b).written).toBeUndefined();
      }),
    );
  });

  it('is the former codes, with what they became', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const [a, b] = territories(c) as [Territory, Territory];
        const formers = c.picks.map((codes) => codes.filter((code) => c.model.formerCodes.includes(code)));
        const resolved = (codes: string[]) => Object.fromEntries(codes.map((code) => [code, c.model.resolve(code)]));
        expect(a.resolved).toEqual(resolved(formers[0]!));
        expect(a.difference(b).resolved).toEqual(resolved(formers.flat()));
      }),
    );
  });
});

describe('an expression', () => {
  it('means what it says, and a printed territory reads back', () => {
    fc.assert(
      fc.property(cases(3), (c) => {
        const [a, b, d] = territories(c) as [Territory, Territory, Territory];
        const [x, y, z] = c.picks.map((codes) => `(${codes.join(' | ') || '∅'})`);
        expect(c.tree.parse(`${x} - ${y} & ${z}`).codes).toEqual(a.difference(b).intersection(d).codes);
        expect(c.tree.parse(`${x} | ${y} & ${z}`).codes).toEqual(a.union(b.intersection(d)).codes);
        expect(c.tree.parse(`${x} - ${y} - ${z}`).codes).toEqual(a.difference(b).difference(d).codes);
        expect(c.tree.parse('@a - @b', { resolve: (name) => (name === 'a' ? a : b) }).equals(a.difference(b))).toBe(
          true,
        );
        const both = a.symmetricDifference(b);
        expect(c.tree.parse(both.toString()).equals(both)).toBe(true);
        expect(both.toString()).toBe(both.codes.join(' | ') || '∅');
        expect(both.toJSON()).toEqual({ version: c.tree.version, codes: both.codes, atomCount: both.atomCount });
      }),
    );
  });
});
