import fc from 'fast-check';
import {
  expand,
  expansionToQuery,
  type Layout,
  RELATIONS,
  type Relation,
  type Territory,
  TerritoryTree,
  TerritoryUnsupportedError,
} from '../../src/territory/index.js';
import { matchesQuery, type StoredDocument } from './support/document-store.js';
import { type Atoms, isSubset, type Model } from './support/model.js';
import { type Case, cases } from './support/worlds.js';

interface Tagged {
  readonly tags: readonly string[];
  readonly stored: StoredDocument;
}

/** One document for each tag, some with several tags, and one without any; tagged as an index of that layout is. */
function documents(model: Model, { units, ancestors, ancestorsBy = 'atoms', levels }: Layout): Tagged[] {
  const isHeld = (tag: string) => model.resolve(tag).every((code) => !levels || levels.includes(model.levelOf(code)));
  const tags = [...model.codes, ...model.formerCodes].filter(isHeld);
  const several = tags.map((tag, i) => [tag, tags[(i * 7 + 3) % tags.length]!, tags[(i * 5 + 1) % tags.length]!]);
  return [[], ...tags.map((tag) => [tag]), ...several].map((own) => {
    const stored: Record<string, readonly string[]> = {};
    if (units !== undefined) stored[units] = own;
    if (ancestors !== undefined) stored[ancestors] = own.flatMap((tag) => model.pathOf(tag, ancestorsBy, levels));
    return { tags: own, stored };
  });
}

const FIELDS = { units: 'tu', ancestors: 'tu_path' };

/** The layouts that can express each relation, without `levels`. */
const LAYOUTS: readonly Layout[] = [
  FIELDS,
  { ...FIELDS, ancestorsBy: 'atoms' },
  { ...FIELDS, ancestorsBy: 'arrows' },
  { units: 'tu' },
];
const WITHIN_LAYOUTS: readonly Layout[] = [
  ...LAYOUTS,
  { ancestors: 'tu_path' },
  { ancestors: 'tu_path', ancestorsBy: 'arrows' },
];

interface Meant {
  readonly territory: Territory;
  readonly atoms: Atoms;
}

/** A territory as codes write it, and one that no codes wrote. */
function territories({ tree, model, picks: [a, b] }: Case): [written: Meant, cut: Meant] {
  const [x, y] = [tree.territory(...a!), tree.territory(...b!)];
  const [setX, setY] = [model.atomsOfAll(a!), model.atomsOfAll(b!)];
  return [
    { territory: x, atoms: setX },
    { territory: x.difference(y), atoms: new Set([...setX].filter((atom) => !setY.has(atom))) },
  ];
}

function expectHits(model: Model, { territory, atoms }: Meant, layout: Layout, relation: Relation): void {
  const query = territory.toQuery({ ...layout, relation });
  for (const { tags, stored } of documents(model, layout)) {
    const expected = model.matches(tags, atoms, relation, territory.written ?? []);
    if (matchesQuery(query, stored) !== expected) {
      throw new Error(
        `a document tagged ${tags.join(', ')} ${expected ? 'is missed' : 'should not match'}: ${relation} ` +
          `${territory} with ${JSON.stringify(layout)} as ${JSON.stringify(query)}`,
      );
    }
  }
}

describe('the query for a territory', () => {
  it.each(['within', 'intersects', 'contains', 'disjoint'] as const)(
    'finds the documents that the relation "%s" means, in every layout',
    (relation) => {
      fc.assert(
        fc.property(cases(2), (c) => {
          for (const meant of territories(c)) {
            for (const layout of relation === 'within' ? WITHIN_LAYOUTS : LAYOUTS) {
              expectHits(c.model, meant, layout, relation);
            }
          }
        }),
      );
    },
  );

  it('finds, under "exact", what is tagged with a code as written', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const [written, cut] = territories(c);
        for (const layout of LAYOUTS) {
          expectHits(c.model, written, layout, 'exact');
          expect(() => cut.territory.toQuery({ ...layout, relation: 'exact' })).toThrow(TerritoryUnsupportedError);
        }
      }),
    );
  });

  it('uses only the levels that an index holds, and refuses a `within` that they can not write', () => {
    fc.assert(
      fc.property(cases(2), fc.nat(2047), (c, bits) => {
        const levels = c.tree.levels.filter((_, i) => (bits >> i) & 1);
        for (const meant of territories(c)) {
          const writable = isSubset(meant.atoms, c.model.atomsOfAll(c.model.inside(meant.atoms, levels)));
          for (const layout of WITHIN_LAYOUTS.map((own) => ({ ...own, levels }))) {
            if (writable) expectHits(c.model, meant, layout, 'within');
            else expect(() => meant.territory.toQuery(layout)).toThrow(TerritoryUnsupportedError);
          }
          for (const layout of LAYOUTS.map((own) => ({ ...own, levels }))) {
            for (const relation of ['intersects', 'contains', 'disjoint'] as const) {
              expectHits(c.model, meant, layout, relation);
            }
          }
        }
      }),
    );
  });

  it('lists the units that the design names, with their former codes, in code order', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const { model } = c;
        for (const { territory, atoms } of territories(c)) {
          if (atoms.size === 0) continue;
          // A former code with several successors stands as a unit of its own, with the atoms of all.
          const withFormers = (units: string[], takes: (split: Atoms) => boolean) => {
            const listed = model.formerCodes.filter((former) => {
              const successors = model.resolve(former);
              return successors.length > 1 ? takes(model.atomsOf(former)) : units.includes(successors[0]!);
            });
            return [...units, ...listed].sort();
          };
          const within = (split: Atoms) => isSubset(split, atoms);
          const terms = (field: string, codes: string[]) => ({
            bool: { should: [{ terms: { [field]: codes } }], minimum_should_match: 1 },
          });
          expect(territory.toQuery({ units: 'u' })).toEqual(terms('u', withFormers(model.inside(atoms), within)));
          expect(territory.toQuery({ ancestors: 'a' })).toEqual(terms('a', withFormers(model.covering(atoms), within)));
          expect(territory.toQuery({ ancestors: 'a', ancestorsBy: 'arrows' })).toEqual(
            terms('a', withFormers(model.coveringByArrows(atoms), within)),
          );
        }
      }),
    );
  });

  it('does not depend on how the territory was written, but for "exact"', () => {
    fc.assert(
      fc.property(cases(2), (c) => {
        const [{ territory }] = territories(c);
        const same = c.tree.territory(...territory.codes);
        for (const relation of RELATIONS.filter((name) => name !== 'exact')) {
          expect(JSON.stringify(same.toQuery({ ...FIELDS, relation }))).toBe(
            JSON.stringify(territory.toQuery({ ...FIELDS, relation })),
          );
        }
      }),
    );
  });
});

describe('the form of a query', () => {
  const tree = TerritoryTree.build(
    [
      { code: 'D:1' },
      { code: 'C:1', parents: ['D:1'] },
      { code: 'C:2', parents: ['D:1', 'E:1'] },
      { code: 'C:3', former_codes: ['C:9'], parents: ['E:1'] },
      { code: 'E:1' },
    ],
    {
      partitions: [
        { name: 'main', levels: ['C', 'D'] },
        { name: 'across', levels: ['E'] },
      ],
    },
  );
  const d1 = tree.territory('D:1');

  it('is one `terms` in a `bool`, which scores the same for every document', () => {
    expect(d1.toQuery({ ancestors: 'a' })).toEqual({
      bool: { should: [{ terms: { a: ['D:1'] } }], minimum_should_match: 1 },
    });
    expect(d1.toQuery({ ancestors: 'a', boost: 2, _name: 'x' })).toEqual({
      bool: { should: [{ terms: { a: ['D:1'] } }], minimum_should_match: 1, boost: 2, _name: 'x' },
    });
  });

  it('prints what `expand` says', () => {
    expect(expand(d1, { units: 'u', ancestors: 'a' }, 'intersects')).toEqual({
      kind: 'any',
      clauses: [
        { field: 'a', codes: ['D:1'] },
        { field: 'u', codes: ['E:1'] },
      ],
    });
    expect(expansionToQuery(expand(d1, { ancestors: 'a' }, 'within'))).toEqual(d1.toQuery({ ancestors: 'a' }));
  });

  it('is a `constant_score` where there are two clauses', () => {
    expect(d1.toQuery({ units: 'u', ancestors: 'a', relation: 'intersects', boost: 3, _name: 'x' })).toEqual({
      constant_score: {
        filter: {
          bool: { should: [{ terms: { a: ['D:1'] } }, { terms: { u: ['E:1'] } }], minimum_should_match: 1 },
        },
        boost: 3,
        _name: 'x',
      },
    });
  });

  it('is one `term` a unit where the style asks for that', () => {
    expect(tree.territory('C:3').toQuery({ units: 'u', style: 'term' })).toEqual({
      constant_score: {
        filter: { bool: { should: [{ term: { u: 'C:3' } }, { term: { u: 'C:9' } }], minimum_should_match: 1 } },
      },
    });
  });

  it('is, for "disjoint", what is tagged and does not intersect', () => {
    expect(d1.toQuery({ units: 'u', relation: 'disjoint' })).toEqual({
      constant_score: {
        filter: {
          bool: { filter: [{ exists: { field: 'u' } }], must_not: [{ terms: { u: ['C:1', 'C:2', 'D:1', 'E:1'] } }] },
        },
      },
    });
  });

  it('matches nothing for the empty territory, and under "disjoint" all that is tagged', () => {
    for (const relation of ['within', 'intersects', 'contains', 'exact'] as const) {
      expect(tree.empty.toQuery({ units: 'u', relation, _name: 'x' })).toEqual({ match_none: { _name: 'x' } });
    }
    expect(tree.empty.toQuery({ units: 'u', relation: 'disjoint', boost: 2 })).toEqual({
      constant_score: { filter: { bool: { filter: [{ exists: { field: 'u' } }] } }, boost: 2 },
    });
  });

  it('matches nothing where no unit lies so', () => {
    expect(tree.territory('D:1', 'C:3').toQuery({ units: 'u', relation: 'contains' })).toEqual({ match_none: {} });
  });

  it('cuts `terms` at 65,536 codes', () => {
    const codes = Array.from({ length: 65_537 }, (_, i) => `A:${i}`);
    const of = (length: number) =>
      expansionToQuery({ kind: 'any', clauses: [{ field: 'u', codes: codes.slice(0, length) }] });
    expect(of(65_536)).toEqual({
      bool: { should: [{ terms: { u: codes.slice(0, 65_536) } }], minimum_should_match: 1 },
    });
    expect(of(65_537)).toEqual({
      constant_score: {
        filter: {
          bool: {
            should: [{ terms: { u: codes.slice(0, 65_536) } }, { terms: { u: ['A:65536'] } }],
            minimum_should_match: 1,
          },
        },
      },
    });
  });

  it('refuses what the fields of an index can not express', () => {
    const query = (layout: Layout, relation: Relation) => () => d1.toQuery({ ...layout, relation });
    for (const relation of ['intersects', 'contains', 'disjoint', 'exact'] as const) {
      expect(query({ ancestors: 'a' }, relation)).toThrow(
        `the relation "${relation}" needs the field with the codes of the documents themselves; ` +
          'this index has only "a", with their ancestors: name "units" in its configuration',
      );
      expect(() => tree.empty.toQuery({ ancestors: 'a', relation })).toThrow(TerritoryUnsupportedError);
    }
    expect(query({}, 'within')).toThrow('an expansion needs a field: "units", "ancestors" or both');
    expect(query({ units: 'u', levels: ['E'] }, 'within')).toThrow(
      `the territory D:1 can't be written in units of the levels that this index holds (E); ` +
        'use the relation "intersects", or ask for units of these levels',
    );
    expect(query({ units: 'u', levels: ['F'] }, 'within')).toThrow('unknown level [F]; this map has C, D, E');
    // The empty territory is written as well.
    expect(tree.parse('∅').toQuery({ units: 'u', relation: 'exact' })).toEqual({ match_none: {} });
    expect(tree.parse('∅ | D:1').toQuery({ units: 'u', relation: 'exact' })).toEqual(
      tree.parse('D:1').toQuery({ units: 'u', relation: 'exact' }),
    );
    expect(() => tree.parse('D:1 - C:1').toQuery({ units: 'u', relation: 'exact' })).toThrow(
      'the relation "exact" takes codes as they are written: use only codes and "|", or the relation "within"',
    );
  });

  it('cuts a long territory in a message', () => {
    const units = Array.from({ length: 60 }, (_, i) => ({ code: `C:${i + 10}`, parents: [`D:${i & 1}`] }));
    const odd = TerritoryTree.build([...units, { code: 'D:0' }, { code: 'D:1' }]);
    const some = odd.territory(...units.slice(1).map(({ code }) => code));
    expect(() => some.toQuery({ units: 'u', levels: ['D'] })).toThrow(/^the territory .{117}… can't be written/);
  });
});
