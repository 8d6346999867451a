/** Percolator fields on a real 7.17: a query that is stored with the shorthand is stored with its expansion, where that is allowed. */
import { FIELDS } from './support/articles.js';
import { ask, idsOf, must } from './support/ask.js';
import { elasticsearch7Url, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const alerts = uniqueName('alerts');
const hand = uniqueName('by-hand');
const es = elasticsearch7Url();
let rejecting: RunningProxy;
let expanding: RunningProxy;

const keyword = { type: 'keyword' };
const MAPPINGS = {
  dynamic: false,
  properties: {
    query: { type: 'percolator' },
    alert: { properties: { filter: { type: 'percolator' } } },
    note: { type: 'object', enabled: false },
    text: { type: 'text' },
    territories: keyword,
    territory_path: keyword,
  },
};

/** A document of this unit, as it is indexed. */
const documentOf = (code: string, text = 'salaire') => ({
  text,
  territories: [code],
  territory_path: [
    ...new Set([
      code,
      ...expanding.tree
        .territory(code)
        .around()
        .map((unit) => unit.code),
    ]),
  ],
});

/** Queries by the id that they are stored under: with the shorthand, and as written by hand. */
function queries(): Record<string, [short: object, byHand: object]> {
  const dsl = (code: string) => expanding.tree.parse(code).toQuery(FIELDS);
  const both = (filter: object) => ({ bool: { must: { match: { text: 'salaire' } }, filter } });
  return {
    rhone: [both({ term: { territory: 'DEP:69' } }), both(dsl('DEP:69'))],
    region: [both({ territory: { expression: 'REG:84 - DEP:69' } }), both(dsl('REG:84 - DEP:69'))],
    lucene: [{ query_string: { query: 'salaire AND territory:DEP:01', default_field: 'text' } }, both(dsl('DEP:01'))],
    plain: [{ match: { text: 'impôt' } }, { match: { text: 'impôt' } }],
  };
}

beforeAll(async () => {
  const index = { ...FIELDS, percolator: ['query', 'alert.filter'] };
  rejecting = await startProxy({ elasticsearchUrl: es, indices: { [alerts]: index } });
  expanding = await startProxy({ elasticsearchUrl: es, indices: { [alerts]: index }, definitions: 'expand' });
  const settings = { number_of_shards: 1, number_of_replicas: 0 };
  for (const name of [alerts, hand]) await must(es, 'PUT', `/${name}`, { settings, mappings: MAPPINGS });
});

afterAll(async () => {
  for (const name of [alerts, hand]) await ask(es, 'DELETE', `/${name}`);
  await rejecting?.stop();
  await expanding?.stop();
});

it('is refused by default, with the reason, in one document and in a bulk', async () => {
  const query = { term: { territory: 'DEP:69' } };
  for (const [method, path, body] of [
    ['PUT', `/${alerts}/_doc/1`, { query }],
    ['POST', `/${alerts}/_doc`, { alert: { filter: query } }],
    ['PUT', `/${alerts}/_create/1`, { 'alert.filter': query }],
    ['POST', `/${alerts}/_update/1`, { doc: { query }, doc_as_upsert: true }],
    ['PUT', `/${alerts}/alert/1`, { query }],
    ['POST', '/_bulk', [{ index: { _index: alerts, _id: '1' } }, { query }]],
  ] as const) {
    const { status, json } = await ask(rejecting.url, method, path, body);
    expect([path, status, json.error.type]).toEqual([path, 400, 'territory_unsupported_exception']);
    expect(json.error.reason).toContain("a percolator query would keep today's map for good");
  }
  expect((await must(es, 'GET', `/${alerts}/_count`)).json.count).toBe(0);
});

it('elsewhere a document is data, and stays as it is', async () => {
  const note = { query: { term: { territory: 'DEP:69' } }, filter: { territory: 'DEP:69' } };
  await must(rejecting.url, 'PUT', `/${alerts}/_doc/data?refresh`, { note, territory: 'DEP:69' });
  const stored = await must(es, 'GET', `/${alerts}/_doc/data`);
  expect(stored.json._source).toEqual({ note, territory: 'DEP:69' });
  await must(es, 'DELETE', `/${alerts}/_doc/data?refresh`);
});

it('finds for each document the queries that are found by those written by hand', async () => {
  const ways: ((id: string, query: object) => Promise<unknown>)[] = [
    (id, query) => must(expanding.url, 'PUT', `/${alerts}/_doc/${id}?refresh`, { query }),
    (id, query) => must(expanding.url, 'PUT', `/${alerts}/_create/${id}?refresh`, { query }),
    (id, query) =>
      must(expanding.url, 'POST', `/${alerts}/_update/${id}?refresh`, { doc: { query }, doc_as_upsert: true }),
    (id, query) => must(expanding.url, 'POST', '/_bulk?refresh', [{ index: { _index: alerts, _id: id } }, { query }]),
    (id, query) =>
      must(expanding.url, 'POST', `/${alerts}/_bulk?refresh`, [
        { update: { _id: id } },
        { doc: { query }, doc_as_upsert: true },
      ]),
    (id, query) => must(expanding.url, 'PUT', `/${alerts}/_doc/${id}?refresh&op_type=index`, { query }),
  ];
  for (const [id, [, query]] of Object.entries(queries())) {
    await must(es, 'PUT', `/${hand}/_doc/${id}?refresh`, { query });
  }
  for (const store of ways) {
    for (const [id, [query]] of Object.entries(queries())) await store(id, query);
    for (const code of ['COM:69123', 'COM:01053', 'COM:38185', 'COM:44109', 'DEP:69', 'REG:84']) {
      const query = { percolate: { field: 'query', document: documentOf(code) } };
      const [ours, theirs] = [
        await must(expanding.url, 'POST', `/${alerts}/_search`, { query }),
        await must(es, 'POST', `/${hand}/_search`, { query }),
      ];
      expect([code, idsOf(ours.json)]).toEqual([code, idsOf(theirs.json)]);
    }
    const lyon = { percolate: { field: 'query', document: documentOf('COM:69123') } };
    expect(idsOf((await must(expanding.url, 'POST', `/${alerts}/_search`, { query: lyon })).json)).toEqual(['rhone']);
    await must(es, 'POST', `/${alerts}/_delete_by_query?refresh`, { query: { match_all: {} } });
  }
});

it('a document that is percolated is data too, beside a shorthand that is none', async () => {
  const { rhone } = queries();
  await must(expanding.url, 'PUT', `/${alerts}/_doc/tagged?refresh`, { query: rhone![0], ...documentOf('COM:69123') });
  await must(expanding.url, 'PUT', `/${alerts}/_doc/other?refresh`, { query: rhone![0], ...documentOf('COM:44109') });
  const document = { ...documentOf('COM:69123'), territory: 'COM:234', term: { territory: 'COM:234' } };
  const query = {
    bool: { must: { percolate: { field: 'query', document } }, filter: { term: { territory: 'DEP:69' } } },
  };
  const { json, headers } = await must(rejecting.url, 'POST', `/${alerts}/_search`, { query });
  expect([idsOf(json), headers.get('x-territory-rewrites')]).toEqual([['tagged'], '1']);
});
