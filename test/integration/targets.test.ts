import type { Client, estypes } from '@elastic/elasticsearch';
import { articles, FIELDS, MAPPINGS } from './support/articles.js';
import { createIndex, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const direct = newClient();
const stem = uniqueName('targets');
const press = `${stem}-press-2026`;
const special = `${stem}-press-special`;
const briefs = `${stem}-briefs`;
const notes = `${stem}-notes`;
const alias = `${stem}-all-texts`;
const everything = [press, special, briefs, notes];
let proxy: RunningProxy;
let client: Client;

const keyword = { type: 'keyword' } as const;
const LYON = ['former-commune', 'lyon', 'lyon-3', 'lyon-and-nantes'];
const clause = { territory: 'COM:69123' } as estypes.QueryDslQueryContainer;

beforeAll(async () => {
  proxy = await startProxy({
    indices: {
      // The first that matches wins, so this one takes an index out of the next.
      [special]: { units: 'tu' },
      [`${stem}-press*`]: FIELDS,
      [briefs]: { units: 'tu', ancestors: 'tu_path', levels: ['COM', 'DEP', 'REG', 'CNTRY'] },
    },
    aliases: { [alias]: [`${stem}-press*`, briefs] },
  });
  client = newClient(proxy.url);
  await createIndex(direct, press, MAPPINGS, articles(proxy.tree));
  // Its fields of the other pattern would find another document.
  await createIndex(direct, special, { properties: { tu: keyword, territory_path: keyword } }, [
    ['special-lyon', { tu: ['COM:69123'] }],
    ['special-decoy', { tu: ['COM:44109'], territory_path: ['COM:69123'] }],
  ]);
  await createIndex(direct, briefs, { properties: { tu: keyword, tu_path: keyword } }, [
    ['brief-lyon', { tu: ['COM:69123'], tu_path: ['CNTRY:F', 'COM:69123', 'DEP:69', 'REG:84'] }],
    ['brief-ain', { tu: ['DEP:01'], tu_path: ['CNTRY:F', 'DEP:01', 'REG:84'] }],
  ]);
  await createIndex(direct, notes, { properties: { territory: keyword, territory_path: keyword } }, [
    ['note-lyon', { territory: ['COM:69123'], territory_path: ['COM:69123'] }],
  ]);
  await direct.indices.updateAliases({ actions: [press, special, briefs].map((index) => ({ add: { index, alias } })) });
});

afterAll(async () => {
  await direct.indices.delete({ index: everything, ignore_unavailable: true });
  await Promise.all([client.close(), direct.close()]);
  await proxy.stop();
});

async function hits(index: string | string[] | undefined, query = clause): Promise<string[]> {
  return ids(await client.search({ index, size: 100, query })).sort();
}

const ALL = ['brief-lyon', ...LYON, 'special-lyon'].sort();

describe('each index is asked in its own fields', () => {
  test.each([
    ['one name', press, LYON],
    ['a name that an earlier pattern takes out of a later one', special, ['special-lyon']],
    ['another layout', briefs, ['brief-lyon']],
    ['several names', [press, briefs], ['brief-lyon', ...LYON].sort()],
    ['a wildcard within one pattern and another', `${stem}-press*`, [...LYON, 'special-lyon'].sort()],
    ['a wildcard over all', `${stem}-*`, ALL],
    ['an alias that the configuration explains', alias, ALL],
    ['_all', '_all', ALL],
    ['no name', undefined, ALL],
    ['an excluded name', [`${stem}-*`, `-${briefs}`], [...LYON, 'special-lyon'].sort()],
  ])('%s', async (_name, target, expected) => {
    expect(await hits(target)).toEqual(expected);
    expect((await client.count({ index: target, query: clause })).count).toBe(expected.length);
  });

  test('a point in time over all of them', async () => {
    const { id } = await direct.openPointInTime({ index: `${stem}-*`, keep_alive: '1m' });
    const answer = await client.search({ pit: { id }, size: 100, query: clause });
    expect(ids(answer).sort()).toEqual(ALL);
    await direct.closePointInTime({ id });
  });

  test('a query string over a wildcard', async () => {
    expect(await hits(`${stem}-*`, { query_string: { query: 'territory:COM:69123' } })).toEqual(ALL);
  });

  test('a disjoint territory finds no index that has no pattern', async () => {
    const query = { territory: { codes: ['REG:84'], relation: 'disjoint' } } as estypes.QueryDslQueryContainer;
    const found = await hits(`${stem}-*`, query);
    expect(found).toContain('nantes');
    expect(found).toContain('special-decoy');
    expect(found).not.toContain('note-lyon');
    expect(found).not.toContain('untagged');
  });
});

describe('an index without a pattern has no shorthand', () => {
  test('its own field `territory` is its own', async () => {
    expect(await hits(notes, { term: { territory: 'COM:69123' } })).toEqual(['note-lyon']);
    expect(await hits(notes, { term: { territory: 'DEP:69' } })).toEqual([]);
  });

  test('a clause goes to Elasticsearch, which says that it knows none', async () => {
    await expect(client.search({ index: notes, query: clause })).rejects.toMatchObject({
      meta: { statusCode: 400, body: { error: { type: 'parsing_exception' } } },
    });
  });
});

describe('what the fields of an index cannot express is refused', () => {
  test('a within that its levels cannot write', async () => {
    const query = { territory: 'EPCI:200070852 - COM:01001' } as estypes.QueryDslQueryContainer;
    expect(await hits(briefs, query)).toEqual([]);
    await expect(hits(briefs, { territory: 'ARM:69383' } as estypes.QueryDslQueryContainer)).rejects.toMatchObject({
      meta: { statusCode: 400, body: { error: { type: 'territory_unsupported_exception' } } },
    });
  });
});
