/** Search templates on a real 7.17: rendered by Elasticsearch, then searched as their expansion written by hand. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { articles, FIELDS } from './support/articles.js';
import { ask, idsOf, must } from './support/ask.js';
import { elasticsearch7Url, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const index = uniqueName('templates');
const other = uniqueName('other');
const stored = uniqueName('stored');
const plain = uniqueName('plain');
let es: string;
let proxy: RunningProxy;

beforeAll(async () => {
  es = elasticsearch7Url();
  proxy = await startProxy({ elasticsearchUrl: es, indices: { [`${index}*`]: FIELDS } });
  const settings = { number_of_shards: 1, number_of_replicas: 0 };
  const keyword = { type: 'keyword' };
  const mappings = { properties: { text: { type: 'text' }, territories: keyword, territory_path: keyword } };
  for (const name of [index, other]) await must(es, 'PUT', `/${name}`, { settings, mappings });
  const lines = articles(proxy.tree).flatMap(([_id, source]) => [{ index: { _id } }, source]);
  await must(es, 'POST', `/${index}/_bulk?refresh`, lines);
  const source =
    '{"size":{{size}}{{^size}}100{{/size}},"explain":true,"query":{"bool":{"must":{"match":{"text":"{{q}}"}},' +
    '"filter":{"term":{"{{#near}}territory.intersects{{/near}}{{^near}}territory{{/near}}":"{{code}}"}}}}}';
  await must(proxy.url, 'PUT', `/_scripts/${stored}`, { script: { lang: 'mustache', source } });
  const match = { query: { match: { text: '{{q}}' } }, size: 100 };
  await must(proxy.url, 'PUT', `/_scripts/${plain}`, { script: { lang: 'mustache', source: match } });
});

afterAll(async () => {
  for (const name of [index, other]) await ask(es, 'DELETE', `/${name}`);
  for (const name of [stored, plain]) await ask(es, 'DELETE', `/_scripts/${name}`);
  await proxy?.stop();
});

/** The hits of the same search with its expansion written by hand. */
async function byHand(expression: string, relation: 'within' | 'intersects' = 'within', q = 'salaire') {
  const filter = proxy.tree.parse(expression).toQuery({ ...FIELDS, relation });
  const query = { bool: { must: { match: { text: q } }, filter } };
  return (await must(es, 'POST', `/${index}/_search`, { query, size: 100 })).json;
}

const run = (body: object, query = '', headers = {}) =>
  ask(proxy.url, 'POST', `/${index}/_search/template${query}`, body, headers);

/** An answer without what differs from one search to the next. */
const steady = ({ took: _, ...rest }: Record<string, unknown>) => rest;

describe('a stored template', () => {
  it('keeps its shorthand, and finds what its expansion finds', async () => {
    const kept = await must(es, 'GET', `/_scripts/${stored}`);
    expect(kept.json.script.source).toContain('territory.intersects');
    for (const code of ['DEP:69', 'REG:84', 'CNTRY:F', 'REG:84 - DEP:69', 'COM:69232']) {
      const answer = await run({ id: stored, params: { q: 'salaire', code } });
      const expected = await byHand(code);
      expect([answer.status, steady(answer.json)]).toEqual([200, steady(expected)]);
      expect(expected.hits.hits.length).toBeGreaterThan(0);
      expect(answer.headers.get('x-territory-rewrites')).toBe('1');
      expect(answer.headers.get('x-territory-version')).toBe(proxy.tree.version);
    }
    const near = await run({ id: stored, params: { q: 'salaire', code: 'DEP:69', near: true } });
    expect(idsOf(near.json)).toEqual(idsOf(await byHand('DEP:69', 'intersects')));
    expect(idsOf(near.json)).not.toEqual(idsOf(await byHand('DEP:69')));
  });

  it('without the shorthand is answered as Elasticsearch answers, to the byte', async () => {
    for (const body of [
      { id: plain, params: { q: 'salaire' } },
      { id: uniqueName('missing') },
      { id: plain, params: [] },
      {},
      { source: '{"query":{"nonsense":{}}}' },
      { source: '{"query":{{#x}}' },
      { source: '{"query":{"match_all":{}}, }' },
    ]) {
      const [ours, theirs] = [await run(body), await ask(es, 'POST', `/${index}/_search/template`, body)];
      const bytes = ({ text }: { text: string }) => text.replace(/"took":\d+/, '');
      expect([ours.status, bytes(ours)]).toEqual([theirs.status, bytes(theirs)]);
    }
  });

  it('is explained, profiled, counted and typed as the request says', async () => {
    const body = { id: stored, params: { q: 'salaire', code: 'DEP:69', size: 1 } };
    expect((await run(body)).json.hits.hits[0]._explanation).toBeUndefined();
    expect((await run({ ...body, explain: true })).json.hits.hits[0]._explanation.value).toBeGreaterThan(0);
    expect((await run({ ...body, profile: true })).json.profile.shards).toHaveLength(1);
    expect((await run(body, '?rest_total_hits_as_int=true')).json.hits.total).toBe(
      (await byHand('DEP:69')).hits.total.value,
    );
    expect((await run(body, '?size=50&from=1&_source=false&q=nothing')).json.hits.hits[0]._source).toBeDefined();
    expect((await run(body, '?scroll=1m')).json._scroll_id).toEqual(expect.any(String));
    expect((await run(body, '?filter_path=hits.total.value')).text).toMatch(/^\{"hits":\{"total":\{"value":\d+\}\}\}$/);
    const unknown = await run(body, '?nonsense=1');
    expect([unknown.status, unknown.json.error.reason]).toEqual([400, expect.stringContaining('[nonsense]')]);
  });

  it('is refused for a code that the map does not know', async () => {
    const { status, json } = await run({ id: stored, params: { q: 'salaire', code: 'COM:234' } });
    expect([status, json.error.type, json.error.units]).toEqual([400, 'unknown_unit_exception', ['COM:234']]);
  });

  it('is expanded with the map that the request asks for, or refused', async () => {
    const body = { id: stored, params: { q: 'salaire', code: 'DEP:69' } };
    expect((await run(body, '', { 'X-Territory-Version': proxy.tree.version })).status).toBe(200);
    const gone = await run(body, '', { 'X-Territory-Version': 'gone' });
    expect([gone.status, gone.json.error.type]).toEqual([409, 'territory_version_exception']);
    const without = await run({ id: plain, params: { q: 'salaire' } }, '', { 'X-Territory-Version': 'gone' });
    expect(without.status).toBe(200);
  });

  it('is left alone on an index that is not configured', async () => {
    const body = { id: stored, params: { q: 'salaire', code: 'DEP:69' } };
    const answer = await must(proxy.url, 'POST', `/${other}/_search/template`, body);
    expect([answer.json.hits.total.value, answer.headers.get('x-territory-rewrites')]).toEqual([0, null]);
  });

  it('is searched with its type, with GET, and from the URL', async () => {
    const body = { id: stored, params: { q: 'salaire', code: 'DEP:69' } };
    const expected = idsOf(await byHand('DEP:69'));
    const typed = await must(proxy.url, 'POST', `/${index}/_doc/_search/template`, body);
    expect(idsOf(typed.json)).toEqual(expected);
    const source = encodeURIComponent(JSON.stringify(body));
    const path = `/${index}/_search/template?source=${source}&source_content_type=application%2Fjson`;
    expect(idsOf((await must(proxy.url, 'GET', path)).json)).toEqual(expected);
  });
});

describe('a template in the request', () => {
  it('may get the shorthand from its parameters, whatever they hold', async () => {
    const expected = idsOf(await byHand('DEP:69'));
    const sources: [object | string, object][] = [
      [{ query: { query_string: { query: '{{q}}' } }, size: 100 }, { q: 'salaire AND territory:"DEP:69"' }],
      [{ query: { query_string: { query: 'salaire AND territory:{{code}}' } }, size: 100 }, { code: 'DEP:69' }],
      ['{"size":100,"query":{"terms":{"territory":{{#toJson}}codes{{/toJson}}}}}', { codes: ['DEP:69'] }],
      ['{"size":100,"query":{"{{a}}{{b}}":"{{code}}"}}', { a: 'terri', b: 'tory', code: 'DEP:69' }],
      ['{"size":100,"query":{{#toJson}}query{{/toJson}}}', { query: { territory: { codes: ['DEP:69'] } } }],
      ['{"size":100,\n"query":{"territory":"{{#join}}codes{{/join}}"}}', { codes: ['DEP:69'] }],
    ];
    for (const [source, params] of sources) {
      const { json } = await must(proxy.url, 'POST', `/${index}/_search/template`, { source, params });
      expect(idsOf(json)).toEqual(expected);
    }
  });
});

describe('templates in one _msearch', () => {
  it('are searched together; what is refused has its place', async () => {
    const params = { q: 'salaire', code: 'DEP:69' };
    const { json, status } = await ask(proxy.url, 'POST', '/_msearch/template', [
      { index },
      { id: stored, params },
      { index },
      { id: uniqueName('missing') },
      { index },
      { id: stored, params: { q: 'salaire', code: 'COM:234' } },
      { index },
      { id: plain, params: { q: 'salaire' } },
      { index: other },
      { source: '{\n"query": // all\n {"match_all":{}}\n}' },
      { index },
      { source: '{"query":}' },
    ]);
    expect(status).toBe(200);
    const [found, missing, unknown, all, none, broken, ...more] = json.responses;
    expect(idsOf(found)).toEqual(idsOf(await byHand('DEP:69')));
    expect([missing.status, missing.error.type]).toEqual([404, 'resource_not_found_exception']);
    expect([unknown.status, unknown.error.units]).toEqual([400, ['COM:234']]);
    expect(all.hits.hits.length).toBeGreaterThan(found.hits.hits.length);
    expect(none.hits.total.value).toBe(0);
    expect(broken.status).toBe(400);
    expect(more).toEqual([]);
  });

  it('are answered as Elasticsearch answers where none has the shorthand, and where the lines are none', async () => {
    const ndjson = { 'content-type': 'application/x-ndjson' };
    for (const body of [
      `{"index":"${index}"}\n{"id":"${plain}","params":{"q":"salaire"}}\n{"index":"${index}"}\n{"id":"nope"}\n`,
      `{"index":"${index}"}\n{"id":"${stored}"\n`,
      `{"index":"${index}"}\n{}\n`,
      `{"index":"${index}"}\n{"id":"${stored}"}`,
    ]) {
      const [ours, theirs] = [
        await ask(proxy.url, 'POST', '/_msearch/template', body, ndjson),
        await ask(es, 'POST', '/_msearch/template', body, ndjson),
      ];
      const bytes = ({ text }: { text: string }) => text.replace(/"took":\d+/g, '');
      expect([ours.status, bytes(ours)]).toEqual([theirs.status, bytes(theirs)]);
    }
  });
});

describe('rendering goes wrong', () => {
  const RENDERED = '{"template_output":{"query":{"term":{"territory":"DEP:69"}}}}';
  let asked: string[];
  let render: (response: ServerResponse) => void;
  let server: Server;
  let before: RunningProxy;
  let impatient: RunningProxy;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
      request.resume().on('end', () => {
        if (request.url === '/_render/template') render(response);
        else response.setHeader('content-type', 'application/json').end('{"hits":{"hits":[]}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const config = {
      elasticsearchUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      indices: { articles: FIELDS },
      limits: { bodyBytes: 1000 },
    };
    before = await startProxy(config);
    // For the answer that never comes; on a busy machine the others may take longer.
    impatient = await startProxy({ ...config, upstream: { timeoutMs: 300 } });
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await before?.stop();
    await impatient?.stop();
  });

  const search = (headers = {}, { url } = before) =>
    ask(url, 'POST', '/articles/_search/template', { id: 'x' }, headers);

  it('an answer that is compressed all the same is read', async () => {
    render = (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(RENDERED));
    const headers = { authorization: 'ApiKey abc', accept: 'application/yaml', 'accept-encoding': 'br' };
    expect((await search(headers)).status).toBe(200);
    expect(asked).toEqual(['POST /_render/template ApiKey abc', 'POST /articles/_search ApiKey abc']);
  });

  it.each<[string, (response: ServerResponse) => void, number, string]>([
    ['broken off', (response) => response.socket?.destroy(), 502, 'territory_upstream_exception'],
    ['overloaded', (response) => response.writeHead(429).end('later'), 502, 'answers 429'],
    ['late', () => undefined, 504, 'territory_timeout_exception'],
    ['of another server', (response) => response.writeHead(403).end('<html>'), 400, 'HTTP 403'],
    ['too long', (response) => response.end(RENDERED.padEnd(2000)), 413, 'limits.bodyBytes'],
    ['compressed oddly', (response) => response.setHeader('content-encoding', 'br').end('x'), 502, 'came as br'],
    [
      'compressed wrongly',
      (response) => response.setHeader('content-encoding', 'gzip').end('x'),
      502,
      'territory_upstream_exception',
    ],
  ])('an answer that is %s is an error, and nothing is searched', async (name, answer, status, said) => {
    render = answer;
    const { status: got, json } = await search({}, name === 'late' ? impatient : before);
    expect([got, JSON.stringify(json.error)]).toEqual([status, expect.stringContaining(said)]);
    expect(asked.filter((one) => !one.startsWith('POST /_render/template'))).toEqual([]);
  });

  it('a client that goes away while it is rendered is not searched for', async () => {
    const control = new AbortController();
    const closed = new Promise<void>((resolve) => {
      render = (response) => {
        response.once('close', resolve);
        control.abort();
      };
    });
    const gone = fetch(`${before.url}/articles/_search/template`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"x"}',
      signal: control.signal,
    });
    await expect(gone).rejects.toThrow(/abort/);
    await closed;
    expect(asked).toEqual(['POST /_render/template ']);
  });
});
