/** Elasticsearch's own media types, with the version that a client of 7, 8 or 9 names in them. */
import { articles, FIELDS, MAPPINGS } from './support/articles.js';
import { ask, idsOf, must } from './support/ask.js';
import { elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { startRecording } from './support/recording-elasticsearch.js';

const index = uniqueName('media');
const es = elasticsearchUrl();
let proxy: RunningProxy;
let expected: string[];

/** What the clients of a version send. */
const headersOf = (version: number, kind = 'json') => ({
  accept: `application/vnd.elasticsearch+json; compatible-with=${version}`,
  'content-type': `application/vnd.elasticsearch+${kind}; compatible-with=${version}`,
});

beforeAll(async () => {
  // Only the units: expansions are long.
  proxy = await startProxy({ indices: { [index]: { units: FIELDS.units } } });
  await must(es, 'PUT', `/${index}`, { settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings: MAPPINGS });
  const lines = articles(proxy.tree).flatMap(([_id, source]) => [{ index: { _id } }, source]);
  await must(es, 'POST', `/${index}/_bulk?refresh`, lines);
  const query = proxy.tree.parse('DEP:69').toQuery({ units: FIELDS.units });
  expected = idsOf((await must(es, 'POST', `/${index}/_search`, { query, size: 100 })).json);
  expect(expected.length).toBeGreaterThan(5);
});

afterAll(async () => {
  await ask(es, 'DELETE', `/${index}`);
  await proxy?.stop();
});

const QUERY = { query: { term: { territory: 'DEP:69' } }, size: 100 };

describe.each([7, 8])('compatible-with=%i on 8.19', (version) => {
  it('a search, a count and lines are expanded, and answered in the same type', async () => {
    const headers = headersOf(version);
    const search = await must(proxy.url, 'POST', `/${index}/_search`, QUERY, headers);
    expect(idsOf(search.json)).toEqual(expected);
    expect(search.headers.get('content-type')).toBe(`application/vnd.elasticsearch+json;compatible-with=${version}`);
    const count = await must(proxy.url, 'POST', `/${index}/_count`, { query: QUERY.query }, headers);
    expect(count.json.count).toBe(expected.length);
    for (const kind of ['x-ndjson', 'json']) {
      const lines = [{ index }, QUERY, { index }, { query: { term: { territory: 'COM:234' } } }];
      const found = await must(proxy.url, 'POST', '/_msearch', lines, headersOf(version, kind));
      expect(idsOf(found.json.responses[0])).toEqual(expected);
      expect(found.json.responses[1]).toMatchObject({ status: 400, error: { type: 'unknown_unit_exception' } });
    }
  });

  it('a query that moves from the URL into a body moves into one of the same version', async () => {
    const { accept } = headersOf(version);
    const answer = await ask(proxy.url, 'GET', `/${index}/_search?size=100&q=territory:DEP:69`, undefined, { accept });
    expect([answer.status, idsOf(answer.json)]).toEqual([200, expected]);
    expect(answer.headers.get('x-territory-rewrites')).toBe('1');
    const source = `source=${encodeURIComponent(JSON.stringify(QUERY))}&source_content_type=application/json`;
    const inUrl = await ask(proxy.url, 'GET', `/${index}/_search?${source}`, undefined, { accept });
    expect([inUrl.status, idsOf(inUrl.json)]).toEqual([200, expected]);
  });

  it('an error of the proxy has the same type', async () => {
    const wrong = { query: { term: { territory: 'COM:234' } } };
    const answer = await ask(proxy.url, 'POST', `/${index}/_search`, wrong, headersOf(version));
    expect([answer.status, answer.json.error.type]).toEqual([400, 'unknown_unit_exception']);
    expect(answer.headers.get('content-type')).toMatch(/^application\/vnd\.elasticsearch\+json; ?compatible-with=\d$/);
  });
});

it('media types are read whatever their case and their parameters', async () => {
  for (const type of [
    'application/json; charset=UTF-8',
    'APPLICATION/JSON',
    'application/vnd.elasticsearch+json;compatible-with=8',
    'Application/Vnd.Elasticsearch+JSON;Compatible-With=8;charset=utf-8',
  ]) {
    const accept = /vnd/i.test(type) ? type : '*/*';
    const answer = await ask(proxy.url, 'POST', `/${index}/_search`, QUERY, { 'content-type': type, accept });
    expect([type, answer.status, idsOf(answer.json)]).toEqual([type, 200, expected]);
  }
});

it.each(['yaml', 'cbor', 'smile'])('%s with a version is refused as without one', async (kind) => {
  const headers = { ...headersOf(8), 'content-type': `application/vnd.elasticsearch+${kind};compatible-with=8` };
  const answer = await ask(proxy.url, 'POST', `/${index}/_search`, QUERY, headers);
  expect([answer.status, answer.json.error.type]).toEqual([400, 'territory_unsupported_exception']);
});

describe('before a 9.x', () => {
  it('8 and 9 are expanded, 7 is refused by Elasticsearch, and types too', async () => {
    const elasticsearch = await startRecording({ version: '9.1.0' });
    const before = await startProxy({ elasticsearchUrl: elasticsearch.url, indices: { articles: FIELDS } });
    for (const version of [8, 9]) {
      const headers = headersOf(version);
      await must(before.url, 'POST', '/articles/_search', QUERY, headers);
      const { body, head } = elasticsearch.last();
      const query = before.tree.parse('DEP:69').toQuery(FIELDS);
      expect(JSON.parse(body)).toEqual({ query, size: 100 });
      expect(head.toLowerCase()).toContain(`content-type: ${headers['content-type']}\r\n`);
      expect(head.toLowerCase()).toContain(`accept: ${headers.accept}\r\n`);
    }
    const old = await ask(before.url, 'POST', '/articles/_search', QUERY, headersOf(7));
    expect([old.status, old.json.error.type]).toEqual([400, 'media_type_header_exception']);
    const typed = await ask(before.url, 'POST', '/articles/doc/_search', QUERY);
    expect([typed.status, typed.text]).toEqual([400, expect.stringContaining('no handler found for uri')]);
    await before.stop();
    await elasticsearch.close();
  });
});
