/** Paths with types: on 7.17, and on 8.19 for clients that ask for `compatible-with=7`. */
import { articles, FIELDS } from './support/articles.js';
import { ask, idsOf, must } from './support/ask.js';
import { elasticsearch7Url, elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const COMPATIBLE = {
  accept: 'application/vnd.elasticsearch+json;compatible-with=7',
  'content-type': 'application/vnd.elasticsearch+json;compatible-with=7',
};
const CASES: [name: string, url: () => string, type: string, headers: Record<string, string>][] = [
  ['7.17', elasticsearch7Url, 'article', {}],
  ['7.17', elasticsearch7Url, '_doc', {}],
  ['8.19 with compatible-with=7', elasticsearchUrl, 'article', COMPATIBLE],
  ['8.19 with compatible-with=7', elasticsearchUrl, '_doc', COMPATIBLE],
];

describe.each(CASES)('%s, %p, the type %s', (name, url, type, headers) => {
  const index = uniqueName('typed');
  let es: string;
  let proxy: RunningProxy;
  let expected: string[];
  let all: number;

  beforeAll(async () => {
    es = url();
    proxy = await startProxy({ elasticsearchUrl: es, indices: { [index]: FIELDS } });
    const keyword = { type: 'keyword' };
    const fields = { properties: { text: { type: 'text' }, territories: keyword, territory_path: keyword } };
    const mappings = name === '7.17' ? { [type]: fields } : fields;
    const query = name === '7.17' ? '?include_type_name=true' : '';
    await must(es, 'PUT', `/${index}${query}`, { settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings });
    const documents = articles(proxy.tree);
    all = documents.length;
    const lines = documents.flatMap(([_id, source]) => [{ index: { _id } }, source]);
    await must(proxy.url, 'POST', `/${index}/${type}/_bulk?refresh`, lines, ndjson);
    expected = idsOf((await must(es, 'POST', `/${index}/_search`, { query: byHand('DEP:69'), size: 100 })).json);
    expect(expected.length).toBeGreaterThan(5);
  });

  afterAll(async () => {
    await ask(es, 'DELETE', `/${index}`);
    await proxy?.stop();
  });

  const ndjson = Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, value.replace('+json', '+x-ndjson')]),
  );
  ndjson.accept = headers.accept ?? '*/*';
  const byHand = (code: string) => proxy.tree.territory(code).toQuery(FIELDS);
  const SHORT = { term: { territory: 'DEP:69' } };
  const through = (path: string, body?: object, method = 'POST') =>
    must(
      proxy.url,
      method,
      `/${index}/${type}/${path}`,
      body,
      body === undefined ? { accept: headers.accept ?? '*/*' } : headers,
    );

  it('_search, by body and by q', async () => {
    expect(idsOf((await through('_search?size=100', { query: SHORT })).json)).toEqual(expected);
    const found = await through('_search?size=100&q=territory:DEP%5C:69', undefined, 'GET');
    expect(idsOf(found.json)).toEqual(expected);
    expect(found.headers.get('x-territory-rewrites')).toBe('1');
  });

  it('_count', async () => {
    expect((await through('_count', { query: SHORT })).json.count).toBe(expected.length);
    expect((await through('_count?q=territory:DEP%5C:69', undefined, 'GET')).json.count).toBe(expected.length);
  });

  it('_msearch', async () => {
    const lines = [{}, { query: SHORT, size: 100 }, { index }, { query: { match_all: {} }, size: 0 }];
    const { json } = await must(proxy.url, 'POST', `/${index}/${type}/_msearch`, lines, ndjson);
    expect(idsOf(json.responses[0])).toEqual(expected);
    expect(json.responses[1].hits.total.value).toBe(all);
  });

  it('_validate/query', async () => {
    const { json } = await through('_validate/query?explain=true', { query: SHORT });
    expect([json.valid, json.explanations[0].explanation]).toEqual([true, expect.stringContaining('territory_path')]);
  });

  it('{id}/_explain', async () => {
    expect((await through('lyon/_explain', { query: SHORT })).json.matched).toBe(true);
    const other = await ask(proxy.url, 'POST', `/${index}/${type}/nantes/_explain`, { query: SHORT }, headers);
    expect(other.json.matched).toBe(false);
  });

  it('_update_by_query and _delete_by_query', async () => {
    const updated = await through('_update_by_query?refresh=true', { query: SHORT });
    expect(updated.json.updated).toBe(expected.length);
    const deleted = await through('_delete_by_query?refresh=true', { query: SHORT });
    expect(deleted.json.deleted).toBe(expected.length);
    expect((await must(es, 'GET', `/${index}/_count`)).json.count).toBe(all - expected.length);
  });

  it('an unknown code is refused on each of them', async () => {
    for (const path of ['_search', '_count', '_validate/query', 'lyon/_explain', '_delete_by_query']) {
      const wrong = { query: { term: { territory: 'COM:234' } } };
      const { status, json } = await ask(proxy.url, 'POST', `/${index}/${type}/${path}`, wrong, headers);
      expect([path, status, json.error.type]).toEqual([path, 400, 'unknown_unit_exception']);
    }
  });
});

it('8.19 without compatible-with=7 has no such paths', async () => {
  const proxy = await startProxy({ indices: { articles: FIELDS } });
  const { status, text } = await ask(proxy.url, 'POST', '/articles/article/_search', {
    query: { term: { territory: 'DEP:69' } },
  });
  expect([status, text]).toEqual([
    400,
    expect.stringContaining('no handler found for uri [/articles/article/_search]'),
  ]);
  await proxy.stop();
});
