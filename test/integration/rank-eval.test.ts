/** Ranking evaluation on a real 7.17: the figures of a request with the shorthand are those of its expansion. */
import { articles, FIELDS } from './support/articles.js';
import { ask, must } from './support/ask.js';
import { elasticsearch7Url, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const index = uniqueName('rank-eval');
const es = elasticsearch7Url();
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy({ elasticsearchUrl: es, indices: { [index]: FIELDS } });
  const keyword = { type: 'keyword' };
  const mappings = { properties: { text: { type: 'text' }, territories: keyword, territory_path: keyword } };
  await must(es, 'PUT', `/${index}`, { settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings });
  const lines = articles(proxy.tree).flatMap(([_id, source]) => [{ index: { _id } }, source]);
  await must(es, 'POST', `/${index}/_bulk?refresh`, lines);
});

afterAll(async () => {
  await ask(es, 'DELETE', `/${index}`);
  await proxy?.stop();
});

const requestOf = (id: string, request: object) => ({
  id,
  request,
  ratings: ['lyon', 'villeurbanne', 'nantes'].map((_id, rating) => ({ _index: index, _id, rating })),
});
const metric = { precision: { k: 20, relevant_rating_threshold: 1 } };
const both = (filter: object) => ({ query: { bool: { must: { match: { text: 'salaire' } }, filter } } });

it.each(['/_rank_eval', `/${index}/_rank_eval`])('%s', async (path) => {
  const target = path === '/_rank_eval' ? `${path}?index=${index}` : path;
  const body = (filterOf: (code: string) => object) => ({
    requests: ['DEP:69', 'REG:84', 'CNTRY:F'].map((code) => requestOf(code, both(filterOf(code)))),
    metric,
  });
  const ours = await ask(
    proxy.url,
    'POST',
    target,
    body((code) => ({ term: { territory: code } })),
  );
  const theirs = await ask(
    es,
    'POST',
    target,
    body((code) => proxy.tree.territory(code).toQuery(FIELDS)),
  );
  expect([ours.status, ours.text]).toEqual([theirs.status, theirs.text]);
  expect(theirs.status).toBe(200);
  expect(Object.keys(theirs.json.details)).toHaveLength(3);
});

it('a code that is unknown is named, with those of the other requests', async () => {
  const requests = ['COM:234', 'COM:345'].map((code) => requestOf(code, both({ term: { territory: code } })));
  const { status, json } = await ask(proxy.url, 'POST', `/${index}/_rank_eval`, { requests, metric });
  expect([status, json.error.units]).toEqual([400, ['COM:234', 'COM:345']]);
});

describe('a template', () => {
  const stored = uniqueName('rated');
  const plain = uniqueName('plain');
  const request = { id: 'r', ratings: [{ _index: index, _id: 'lyon', rating: 1 }], template_id: 't' };
  const run = (url: string, template: object, params: object) =>
    ask(url, 'POST', `/${index}/_rank_eval`, {
      requests: [{ ...request, params }],
      templates: [{ id: 't', template }],
      metric,
    });

  beforeAll(async () => {
    for (const [id, source] of [
      [stored, both({ term: { territory: '{{code}}' } })],
      [plain, both({ term: { '{{field}}': '{{code}}' } })],
    ] as const) {
      await must(es, 'PUT', `/_scripts/${id}`, { script: { lang: 'mustache', source } });
    }
  });

  afterAll(async () => {
    for (const id of [stored, plain]) await ask(es, 'DELETE', `/_scripts/${id}`);
  });

  it('with the shorthand is refused, be it stored, sent along, or in the parameters', async () => {
    for (const [template, params] of [
      [{ id: stored }, { code: 'DEP:69' }],
      [{ source: JSON.stringify(both({ term: { territory: '{{code}}' } })) }, { code: 'DEP:69' }],
      [{ id: plain }, { field: 'territory', code: 'DEP:69' }],
      [{ source: both({ term: { '{{field}}': '{{code}}' } }) }, { field: 'territory.within', code: 'DEP:69' }],
    ] as const) {
      const { status, json } = await run(proxy.url, template, params);
      expect([status, json.error.type]).toEqual([400, 'territory_unsupported_exception']);
    }
  });

  it('without it is answered as Elasticsearch answers', async () => {
    for (const [template, params] of [
      [{ id: plain }, { field: 'territory_path', code: 'DEP:69' }],
      [{ source: both({ term: { '{{field}}': '{{code}}' } }) }, { field: 'territory_path', code: 'DEP:69' }],
      [{ id: uniqueName('missing') }, {}],
    ] as const) {
      const [ours, theirs] = [await run(proxy.url, template, params), await run(es, template, params)];
      expect([ours.status, ours.text]).toEqual([theirs.status, theirs.text]);
    }
  });
});
