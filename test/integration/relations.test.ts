import type { Client, estypes } from '@elastic/elasticsearch';
import type { TerritoryTree } from '../../src/files/tree.js';
import { articles, articleTags, FIELDS, MAPPINGS } from './support/articles.js';
import { createIndex, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const direct = newClient();
const stem = uniqueName('relations');
const both = `${stem}-both`;
const unitsOnly = `${stem}-units`;
let proxy: RunningProxy;
let client: Client;
let model: Model;

beforeAll(async () => {
  proxy = await startProxy({ indices: { [both]: FIELDS, [unitsOnly]: { units: 'territories' } } });
  client = newClient(proxy.url);
  model = new Model(proxy.tree);
  for (const index of [both, unitsOnly]) await createIndex(direct, index, MAPPINGS, articles(proxy.tree));
});

afterAll(async () => {
  await direct.indices.delete({ index: [both, unitsOnly], ignore_unavailable: true });
  await Promise.all([client.close(), direct.close()]);
  await proxy.stop();
});

/** The relations as they are defined, on plain sets of atoms that are found along the arrows. */
class Model {
  readonly #atoms = new Map<string, Set<string>>();
  readonly #tree: TerritoryTree;

  constructor(tree: TerritoryTree) {
    this.#tree = tree;
    const parents = new Map([...tree.units()].map((unit) => [unit.code, unit.parents]));
    const inner = new Set([...parents.values()].flat());
    const add = (code: string, atom: string): void => {
      const atoms = this.#atoms.get(code) ?? new Set();
      this.#atoms.set(code, atoms.add(atom));
      for (const parent of parents.get(code)!) add(parent, atom);
    };
    for (const code of parents.keys()) if (!inner.has(code)) add(code, code);
  }

  /** The documents that a territory of these codes matches. */
  matches(relation: string, codes: readonly string[]): string[] {
    const territory = new Set(codes.flatMap((code) => [...this.#atomsOf(code)!]));
    const related = (tag: string): boolean => {
      if (relation === 'exact') return codes.includes(tag);
      const atoms = this.#atomsOf(tag);
      if (atoms === undefined) return false;
      const shared = [...atoms].filter((atom) => territory.has(atom)).length;
      if (relation === 'within') return shared === atoms.size;
      if (relation === 'contains') return shared === territory.size;
      return shared > 0;
    };
    const found = [...articleTags].filter(([, tags]) =>
      relation === 'disjoint' ? tags.length > 0 && !tags.some(related) : tags.some(related),
    );
    return found.map(([id]) => id).sort();
  }

  /** A former code has the atoms of those that took over; a stranger has none. */
  #atomsOf(code: string): Set<string> | undefined {
    const current = this.#tree.resolve(code);
    return current && new Set(current.flatMap((one) => [...this.#atoms.get(one)!]));
  }
}

const RELATIONS = ['within', 'intersects', 'contains', 'disjoint', 'exact'];
const TERRITORIES = [
  ['COM:69123'],
  ['COM:69232'],
  ['ARM:69383'],
  ['DEP:69'],
  ['DEP:75'],
  ['REG:84'],
  ['CNTRY:F'],
  ['EPCI:200046977'],
  ['EPCI:200070852'],
  ['ARR:691'],
  ['DEP:01', 'COM:44109'],
  ['COM:74010', 'COM:75056', 'DEP:971'],
];
const cases = RELATIONS.flatMap((relation) => TERRITORIES.map((codes) => [relation, codes] as const));

async function hits(index: string, query: unknown): Promise<string[]> {
  return ids(await client.search({ index, size: 100, query: query as estypes.QueryDslQueryContainer })).sort();
}

describe('each relation matches as it is defined on atoms', () => {
  test.each(cases)('%s %j', async (relation, codes) => {
    const expected = model.matches(relation, codes);
    const lucene = `territory.${relation}:(${codes.map((code) => `"${code}"`).join(' OR ')})`;
    expect(await hits(both, { territory: { codes, relation } })).toEqual(expected);
    expect(await hits(unitsOnly, { territory: { codes, relation } })).toEqual(expected);
    expect(await hits(both, { terms: { [`territory.${relation}`]: codes } })).toEqual(expected);
    expect(await hits(both, { query_string: { query: lucene } })).toEqual(expected);
  });

  test('the cases are no empty ones: of the documents each relation finds some and leaves some', () => {
    for (const relation of RELATIONS) {
      const found = new Set(TERRITORIES.flatMap((codes) => model.matches(relation, codes)));
      expect(found.size).toBeGreaterThan(5);
      expect(found.has('untagged')).toBe(false);
    }
  });
});
