import fc from 'fast-check';
import { cogUnits, FRANCE_PARTITIONS } from '../../src/files/index.js';
import { RELATIONS, TerritoryTree, TreeCacheError, type Unit } from '../../src/territory/index.js';
import { runs } from '../support/seed.js';
import { matchesQuery } from './support/document-store.js';
import { type Atoms, isSubset, Model } from './support/model.js';

const units = await cogUnits();
const tree = TerritoryTree.build(units, { partitions: FRANCE_PARTITIONS });
const model = new Model({ units, partitions: FRANCE_PARTITIONS, successions: [] });

const codesOf = (list: readonly Unit[]) => list.map(({ code }) => code);
const ofLevel = (level: string) => model.codes.filter((code) => model.levelOf(code) === level);
const some = (codes: readonly string[], maxLength: number) =>
  fc.array(fc.nat(codes.length - 1), { minLength: 1, maxLength, size: 'max' }).map((at) => at.map((i) => codes[i]!));

/** What people write: a few communes, an EPCI or two, perhaps a department or a former code. */
const written = fc
  .tuple(
    some(ofLevel('COM'), 6),
    some(ofLevel('EPCI'), 2),
    fc.oneof(some(ofLevel('DEP'), 1), some(ofLevel('ARR'), 2), fc.constant([])),
    fc.oneof(some(model.formerCodes, 2), fc.constant([])),
  )
  .map((lists) => lists.flat());

/** More codes than are sorted one by one. */
const many = some([...model.codes, ...model.formerCodes], 900);

const minus = (a: Atoms, b: Atoms) => new Set([...a].filter((atom) => !b.has(atom)));

describe('the map of France', () => {
  it('covers random territories as the model does', () => {
    fc.assert(
      fc.property(written, written, (a, b) => {
        const territory = tree.territory(...a).difference(tree.territory(...b));
        const atoms = minus(model.atomsOfAll(a), model.atomsOfAll(b));
        expect(territory.codes).toEqual(model.cover(atoms));
        expect(codesOf(territory.covering())).toEqual(model.covering(atoms));
        expect(codesOf(territory.covering({ levels: ['COM', 'EPCI'] }))).toEqual(
          model.covering(atoms, ['COM', 'EPCI']),
        );
        expect(codesOf(territory.inside())).toEqual(model.inside(atoms));
        expect(codesOf(territory.around())).toEqual(model.around(atoms));
        expect(codesOf(territory.touching())).toEqual(model.touching(atoms));
        expect(model.lowestCommonAncestors(atoms)).toContain(territory.lowestCommonAncestor()?.code);
        expect(codesOf(territory.parents())).toEqual(model.parents(atoms));
        expect(codesOf(territory.children())).toEqual(model.children(atoms));
        expect(codesOf(territory.ancestors())).toEqual(model.ancestors(atoms));
        expect(codesOf(territory.descendants())).toEqual(model.descendants(atoms));
      }),
      { numRuns: runs(4) },
    );
  });

  it('does with hundreds of codes what sets of atoms do', () => {
    const root = tree.territory('CNTRY:F');
    fc.assert(
      fc.property(many, many, (a, b) => {
        const [x, y] = [tree.territory(...a), tree.territory(...b)];
        const [setX, setY] = [model.atomsOfAll(a), model.atomsOfAll(b)];
        const atomsOf = (territory: typeof x) =>
          new Set(codesOf(territory.inside({ levels: ['ARM', 'COM'] })).filter((code) => model.world.has(code)));
        expect(atomsOf(x)).toEqual(setX);
        expect(atomsOf(x.union(y))).toEqual(new Set([...setX, ...setY]));
        expect(atomsOf(x.difference(y))).toEqual(minus(setX, setY));
        expect(atomsOf(x.intersection(y))).toEqual(minus(setX, minus(setX, setY)));
        expect(atomsOf(root.difference(x))).toEqual(minus(model.world, setX));
        expect(x.isSubsetOf(y)).toBe(isSubset(setX, setY));
        expect(root.difference(x.union(y)).codes).toEqual(root.difference(x).intersection(root.difference(y)).codes);
        expect(tree.territory(...x.codes).equals(x)).toBe(true);
      }),
      { numRuns: runs(4) },
    );
  });

  it('finds the tagged documents that a relation means', () => {
    const everyTag = [...model.codes, ...model.formerCodes];
    fc.assert(
      fc.property(written, some(everyTag, 25), (codes, far) => {
        const territory = tree.territory(...codes);
        const atoms = model.atomsOfAll(codes);
        const fields = { units: 'tu', ancestors: 'path' };
        const queries = RELATIONS.map((relation) => ({ relation, query: territory.toQuery({ ...fields, relation }) }));
        // Tags near the territory, and some of anywhere.
        const near = codesOf(territory.touching());
        for (const tag of [...codes, ...near.filter((_, i) => i % Math.ceil(near.length / 25) === 0), ...far]) {
          const stored = { tu: [tag], path: model.pathOf(tag, 'atoms') };
          for (const { relation, query } of queries) {
            const expected = model.matches([tag], atoms, relation, codes);
            if (matchesQuery(query, stored) !== expected) throw new Error(`${tag} under ${relation} of ${territory}`);
          }
        }
      }),
      { numRuns: runs(4) },
    );
  });

  it('gives each unit and former code back', () => {
    expect(codesOf([...tree.units()])).toEqual(model.codes);
    for (const unit of tree.units()) if (tree.indexOf(unit.code) < 0) throw new Error(unit.code);
    expect([...tree.formerCodes()].map(([former]) => former)).toEqual(model.formerCodes);
    for (const [former, successors] of tree.formerCodes()) {
      if (model.resolve(former).join() !== successors.join()) throw new Error(former);
    }
    expect(tree.unit('CNTRY:F')?.inhabitants).toBe(model.inhabitantsOf('CNTRY:F'));
    expect(tree.unit('EPCI:200046977')?.inhabitants).toBe(model.inhabitantsOf('EPCI:200046977'));
  });

  it('is refused as a snapshot with any byte altered, or cut anywhere', () => {
    const bytes = tree.toBuffer().slice();
    const isRefused = (snapshot: Uint8Array) => {
      try {
        TerritoryTree.fromBuffer(snapshot);
        return false;
      } catch (error) {
        return error instanceof TreeCacheError;
      }
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        bytes[at]! ^= flip;
        expect(isRefused(bytes)).toBe(true);
        bytes[at]! ^= flip;
      }),
      { numRuns: runs(3) },
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(isRefused(bytes.subarray(0, length))).toBe(true);
      }),
      { numRuns: runs(25) },
    );
    expect(TerritoryTree.fromBuffer(bytes).version).toBe(tree.version);
  });
});
