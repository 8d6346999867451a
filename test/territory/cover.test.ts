import fc from 'fast-check';
import { TerritoryUnsupportedError, type Unit } from '../../src/territory/index.js';
import { isSubset } from './support/model.js';
import { build, type Case, cases, worlds } from './support/worlds.js';

const codesOf = (units: readonly Unit[]) => units.map(({ code }) => code);

/** A territory that no single unit need write: the atoms of some units less those of others. */
function cut({ tree, model, picks: [a, b] }: Case) {
  const taken = model.atomsOfAll(b!);
  return {
    territory: tree.territory(...a!).difference(tree.territory(...b!)),
    atoms: new Set([...model.atomsOfAll(a!)].filter((atom) => !taken.has(atom))),
  };
}

/** Some levels of a tree, by the bits of a number. */
const someLevels = (levels: readonly string[], bits: number) => levels.filter((_, i) => (bits >> i) & 1);

describe('the canonical cover', () => {
  it('is the largest primary units inside, in code order', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const { territory, atoms } = cut(c);
        expect(territory.codes).toEqual(c.model.cover(atoms));
        expect(codesOf(territory.units)).toEqual(territory.codes);
      }),
    );
  });

  it('is the same if and only if the territories are', () => {
    fc.assert(
      fc.property(cases(2), ({ tree, model, picks: [a, b] }) => {
        const [x, y] = [tree.territory(...a!), tree.territory(...b!)];
        const [setX, setY] = [model.atomsOfAll(a!), model.atomsOfAll(b!)];
        const same = isSubset(setX, setY) && isSubset(setY, setX);
        expect(x.codes.join() === y.codes.join()).toBe(same);
        expect(tree.territory(...x.codes).equals(x)).toBe(true);
      }),
    );
  });
});

describe('the covering', () => {
  it('is every unit inside that is in no larger unit inside', () => {
    fc.assert(
      fc.property(cases(2), fc.nat(2047), (c, bits) => {
        const { territory, atoms } = cut(c);
        expect(codesOf(territory.covering())).toEqual(c.model.covering(atoms));
        const levels = someLevels(c.tree.levels, bits);
        expect(codesOf(territory.covering({ levels }))).toEqual(c.model.covering(atoms, levels));
      }),
    );
  });

  it('holds exactly the atoms of the territory', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const { territory, atoms } = cut(c);
        expect(c.model.atomsOfAll(codesOf(territory.covering()))).toEqual(atoms);
      }),
    );
  });
});

describe('inside, around and touching', () => {
  it('go by atoms', () => {
    fc.assert(
      fc.property(cases(2), fc.nat(2047), (c, bits) => {
        const { territory, atoms } = cut(c);
        const levels = someLevels(c.tree.levels, bits);
        expect(codesOf(territory.inside())).toEqual(c.model.inside(atoms));
        expect(codesOf(territory.inside({ levels }))).toEqual(c.model.inside(atoms, levels));
        expect(codesOf(territory.around())).toEqual(c.model.around(atoms));
        expect(codesOf(territory.around({ levels }))).toEqual(c.model.around(atoms, levels));
        expect(codesOf(territory.touching())).toEqual(c.model.touching(atoms));
        expect(codesOf(territory.touching({ levels }))).toEqual(c.model.touching(atoms, levels));
      }),
    );
  });

  it('agree with `has`, for units and former codes', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const { territory, atoms } = cut(c);
        const held = [...c.model.codes, ...c.model.formerCodes].filter((code) => territory.has(code));
        expect(held).toEqual(
          [...c.model.codes, ...c.model.formerCodes].filter((code) => isSubset(c.model.atomsOf(code), atoms)),
        );
        expect(territory.has('NO:SUCH')).toBe(false);
      }),
    );
  });

  it('name a level that the map does not have', () => {
    const tree = build(fc.sample(worlds, { numRuns: 1, seed: 1 })[0]!);
    expect(() => tree.empty.inside({ levels: ['C1', 'PLANET', 'MOON'] })).toThrow(TerritoryUnsupportedError);
    expect(() => tree.empty.covering({ levels: ['C1', 'PLANET', 'MOON'] })).toThrow(
      `unknown level [PLANET], [MOON]; this map has ${tree.levels.join(', ')}`,
    );
    expect(() => tree.empty.descendants({ level: 'PLANET' })).toThrow(TerritoryUnsupportedError);
  });
});

describe('the lowest common ancestor', () => {
  it('is the one unit of the cover, or the smallest unit around, of the earlier partition, of the lower level', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const { territory, atoms } = cut(c);
        const lowest = territory.lowestCommonAncestor()?.code;
        const possible = c.model.lowestCommonAncestors(atoms);
        if (possible.length === 0) expect(lowest).toBeUndefined();
        else expect(possible).toContain(lowest);
      }),
    );
  });

  it('prefers, of equal sizes, the earlier partition and then the lower level', () => {
    const units = ['T:a', 'T:b', 'T:c'].map((code) => ({
      code,
      parents: ['X:1', 'W:1', ...(code === 'T:c' ? [] : ['Y:1'])],
    }));
    const groups = [{ code: 'X:1', parents: ['Z:1'] }, { code: 'Z:1' }, { code: 'W:1' }, { code: 'Y:1' }];
    const primary = { name: 'towns', levels: ['T'] };
    const lowest = (...levels: string[][]) =>
      build({
        units: [...units, ...groups],
        partitions: [primary, ...levels.map((own, i) => ({ name: `${i}`, levels: own }))],
        successions: [],
      })
        .territory('T:a', 'T:b', 'T:c')
        .lowestCommonAncestor()?.code;
    expect(lowest(['X', 'Z'], ['W'], ['Y'])).toBe('X:1');
    expect(lowest(['Z', 'X'], ['W'], ['Y'])).toBe('Z:1');
    expect(lowest(['Y'], ['W'], ['X', 'Z'])).toBe('W:1');
  });
});

describe('the arrows', () => {
  it('lead from the units of the cover', () => {
    fc.assert(
      fc.property(cases(2), fc.nat(), (c, n) => {
        const { territory, atoms } = cut(c);
        expect(codesOf(territory.parents())).toEqual(c.model.parents(atoms));
        expect(codesOf(territory.children())).toEqual(c.model.children(atoms));
        expect(codesOf(territory.ancestors())).toEqual(c.model.ancestors(atoms));
        expect(codesOf(territory.descendants())).toEqual(c.model.descendants(atoms));
        const level = c.tree.levels[n % c.tree.levels.length]!;
        expect(codesOf(territory.descendants({ level }))).toEqual(c.model.descendants(atoms, level));
      }),
    );
  });
});

describe('a unit', () => {
  it('is given back as it was read, its people those of its atoms', () => {
    fc.assert(
      fc.property(cases(0), ({ tree, model }) => {
        expect([...tree.units()]).toEqual(
          model.codes.map((code) => ({
            code,
            level: model.levelOf(code),
            label: model.labelOf(code),
            parents: model.parentsOf(code),
            inhabitants: model.inhabitantsOf(code),
            postal_codes: model.postalCodesOf(code),
            former_codes: model.formerCodesOf(code),
          })),
        );
        for (const code of model.codes) {
          const index = tree.indexOf(code);
          expect(tree.unit(code)).toEqual(tree.unitAt(index));
          expect([tree.codeAt(index), tree.levelAt(index)]).toEqual([code, model.levelOf(code)]);
          expect(tree.atomCountAt(index)).toBe(model.atomsOf(code).size);
        }
      }),
    );
  });

  it('is counted, by level too', () => {
    fc.assert(
      fc.property(cases(0), ({ tree, model, world }) => {
        expect(tree.unitCount).toBe(model.codes.length);
        expect(tree.atomCount).toBe(model.world.size);
        expect(tree.formerCodeCount).toBe(model.formerCodes.length);
        expect(tree.partitions).toEqual(world.partitions);
        const counts = tree.levels.map((level) => [
          level,
          model.codes.filter((c) => model.levelOf(c) === level).length,
        ]);
        expect(tree.levelCounts()).toEqual(Object.fromEntries(counts));
      }),
    );
  });
});

describe('a former code', () => {
  it('resolves to all that took over, chains followed', () => {
    fc.assert(
      fc.property(cases(0), ({ tree, model }) => {
        for (const code of [...model.codes, ...model.formerCodes])
          expect(tree.resolve(code)).toEqual(model.resolve(code));
        expect(tree.resolve('NO:SUCH')).toBeUndefined();
        expect([...tree.formerCodes()]).toEqual(model.formerCodes.map((former) => [former, model.resolve(former)]));
      }),
    );
  });

  it('is no unit', () => {
    fc.assert(
      fc.property(cases(0), ({ tree, model }) => {
        const bytes = new TextEncoder();
        for (const [f, former] of model.formerCodes.entries()) {
          expect(tree.unit(former)).toBeUndefined();
          expect(tree.indexOf(former)).toBe(-1);
          expect(tree.indexOfBytes(bytes.encode(former), 0, former.length)).toBe(-2 - f);
        }
      }),
    );
  });
});
