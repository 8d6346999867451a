import { ENDPOINTS, type Endpoint } from '../../src/query/endpoints.js';
import { AS_TEXT, BODIES, WITHOUT } from './scenarios/endpoint-bodies.js';
import { rowsBelow, rowsTo } from './scenarios/grammar-rows.js';
import { FORMS, filled } from './scenarios/scenario.js';
import { FIELDS } from './support/articles.js';
import { ask, must } from './support/ask.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';

/**
 * Every row of the table of endpoints with every method, on a server that records what it gets: the expansion stands
 * where the shorthand stood and nothing else changes, or the request is refused with a reason and nothing arrives.
 */
let recording: RecordingElasticsearch;
let careful: RunningProxy;
let expanding: RunningProxy;

beforeAll(async () => {
  recording = await startRecording();
  // One set of fields for everything, so that no expansion is guarded by the name of an index.
  const config = {
    elasticsearchUrl: recording.url,
    checkMappings: 'off',
    indices: { '*': { ...FIELDS, percolator: ['query'] } },
  };
  careful = await startProxy(config);
  expanding = await startProxy({ ...config, definitions: 'expand' });
});

afterAll(async () => {
  await Promise.all([careful?.stop(), expanding?.stop()]);
  await recording?.close();
});

const byHand = () => careful.tree.parse('DEP:69').toQuery(FIELDS);

interface Case {
  readonly title: string;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly path: string;
}

const CASES: readonly Case[] = ENDPOINTS.flatMap((endpoint) =>
  endpoint.methods.map((method) => ({
    title: `${method} ${endpoint.path}`,
    endpoint,
    method,
    path: endpoint.path.replace(/\{(index|alias)\}/, 'articles').replace(/\{\w+\}/g, '1'),
  })),
);

/** A request with its body; of lines, each behind a header of its own. */
function bodyOf({ endpoint }: Case, template: string, query: object): string {
  const body = filled(template, query);
  return endpoint.lines ? `{}\n{"query":{"match_all":{}}}\n{}\n${body}\n` : body;
}

const send = ({ endpoint, method, path }: Case, url: string, body: string) => {
  const headers = { 'content-type': endpoint.lines ? 'application/x-ndjson' : 'application/json' };
  // fetch sends no body with GET; `source` is how Elasticsearch takes one in the URL.
  if (method !== 'GET') return ask(url, method, path, body, headers);
  const source = new URLSearchParams({ source: body, source_content_type: headers['content-type'] });
  return ask(url, method, `${path}?${source}`, undefined);
};

const isPlain = ({ endpoint }: Case) =>
  endpoint.template === undefined && endpoint.documents === undefined && WITHOUT[endpoint.body] === undefined;
const plain = CASES.filter(isPlain);

it('every endpoint has a body, and every row of the grammar below it is on the way to a place', () => {
  const below = new Set([...rowsBelow('searchBody'), ...AS_TEXT]);
  for (const body of new Set(ENDPOINTS.map((endpoint) => endpoint.body))) {
    expect([body, BODIES[body] !== undefined || WITHOUT[body] !== undefined]).toEqual([body, true]);
    const reached = new Set(BODIES[body]?.flatMap((template) => [...rowsTo(template, body)]));
    expect([body, [...rowsBelow(body)].filter((row) => !reached.has(row) && !below.has(row))]).toEqual([body, []]);
  }
});

describe('a search, a count, or another request that runs', () => {
  const running = plain.filter(({ endpoint }) => endpoint.definition === undefined && endpoint.system === undefined);

  it.each(running)('$title: what arrives has the expansion in the place of the shorthand', async (one) => {
    for (const template of BODIES[one.endpoint.body]!) {
      const form = FORMS[running.indexOf(one) % FORMS.length]!;
      recording.asked.length = 0;
      const answer = await send(one, careful.url, bodyOf(one, template, form));
      expect([template, form, answer.status]).toEqual([template, form, 200]);
      expect(answer.headers.get('x-territory-rewrites')).toBe(String(template.split('@').length - 1));
      expect(recording.asked).toHaveLength(1);
      const { body, target } = recording.last();
      expect(body).toBe(bodyOf(one, template, byHand()));
      expect(target).not.toContain('territory%22');
    }
  });

  it.each(running)('$title: a code that no map knows is refused, and nothing arrives', async (one) => {
    recording.asked.length = 0;
    const body = bodyOf(one, BODIES[one.endpoint.body]![0]!, { term: { territory: 'COM:234' } });
    const { status, json } = await send(one, careful.url, body);
    if (one.endpoint.lines) {
      // The other search of the two runs.
      expect(json.responses.map((response: { status: number }) => response.status)).toEqual([200, 400]);
      expect(recording.last().body).not.toContain('territory');
    } else {
      expect([status, json.error.type]).toEqual([400, 'unknown_unit_exception']);
      expect(recording.asked).toEqual([]);
    }
  });
});

describe('a definition', () => {
  const definitions = plain.filter(({ endpoint }) => endpoint.definition !== undefined);

  it.each(definitions)('$title: refused with the reason, or expanded where the configuration says so', async (one) => {
    for (const template of BODIES[one.endpoint.body]!) {
      const body = bodyOf(one, template, { term: { territory: 'DEP:69' } });
      recording.asked.length = 0;
      const refused = await send(one, careful.url, body);
      expect([template, refused.status, refused.json?.error.type]).toEqual([
        template,
        400,
        'territory_unsupported_exception',
      ]);
      expect(refused.json.error.reason).toContain(one.endpoint.definition);
      expect(refused.json.error.reason).toContain('definitions: expand');
      expect(recording.asked).toEqual([]);
      const kept = await send(one, expanding.url, body);
      expect([template, kept.status]).toEqual([template, 200]);
      expect(recording.last().body).toBe(bodyOf(one, template, byHand()));
      // Without the shorthand it is nobody's business.
      const own = bodyOf(one, template, { term: { kind: 'territory' } });
      await must(careful.url, one.method === 'GET' ? 'POST' : one.method, one.path, own);
      expect(recording.last().body).toBe(own);
    }
  });
});

describe("a search of the server's own data", () => {
  const own = plain.filter(({ endpoint }) => endpoint.system !== undefined);

  it.each(own)('$title: refused, for it has no territories', async (one) => {
    recording.asked.length = 0;
    const { status, json } = await send(one, careful.url, bodyOf(one, '{"query":@}', { territory: 'DEP:69' }));
    expect([status, json.error.type]).toEqual([400, 'territory_unsupported_exception']);
    expect(json.error.reason).toContain(`${one.endpoint.system} have no territory`);
    expect(recording.asked).toEqual([]);
  });
});

describe('a template', () => {
  const templates = CASES.filter(({ endpoint }) => endpoint.template !== undefined);

  it.each(templates)('$title: is rendered by Elasticsearch before anything else', async (one) => {
    const inline = '{"source":{"query":{"term":{"territory":"{{code}}"}}},"params":{"code":"DEP:69"}}';
    const application = one.endpoint.template === 'application';
    recording.asked.length = 0;
    await send(
      one,
      careful.url,
      one.endpoint.lines ? `{}\n${inline}\n` : application ? '{"params":{"code":"DEP:69"}}' : inline,
    );
    const [first] = recording.asked;
    expect(first?.target).toBe(
      application ? '/_application/search_application/articles/_render_query' : '/_render/template',
    );
  });
});

describe('documents', () => {
  const documents = CASES.filter(({ endpoint }) => endpoint.documents !== undefined);

  it.each(documents)('$title: a query in a percolator field is a definition too, and the rest is data', async (one) => {
    const document = (query: object) => ({ query, text: 'territory:DEP:69', other: { term: { territory: 'DEP:69' } } });
    const body = (query: object) => {
      if (one.endpoint.documents === 'bulk')
        return `{"index":{"_id":"1","_index":"articles"}}\n${JSON.stringify(document(query))}\n`;
      return JSON.stringify(one.endpoint.documents === 'update' ? { doc: document(query) } : document(query));
    };
    const type = one.endpoint.documents === 'bulk' ? 'application/x-ndjson' : 'application/json';
    const put = (url: string, query: object) => ask(url, one.method, one.path, body(query), { 'content-type': type });
    recording.asked.length = 0;
    const refused = await put(careful.url, { term: { territory: 'DEP:69' } });
    expect([refused.status, refused.json?.error.type]).toEqual([400, 'territory_unsupported_exception']);
    expect(recording.asked).toEqual([]);
    await put(expanding.url, { term: { territory: 'DEP:69' } });
    expect(recording.last().body).toBe(body(byHand()));
    await put(careful.url, { match_all: {} });
    expect(recording.last().body).toBe(body({ match_all: {} }));
  });
});

describe('a text in another language', () => {
  const languages: Record<string, string> = {
    sql: '{"query":"SELECT * FROM articles WHERE territory = \'DEP:69\'"}',
    esql: '{"query":"FROM articles | WHERE QSTR(\\"territory:DEP:69\\")"}',
    eql: '{"query":"any where territory == \\"DEP:69\\""}',
    storedView: '{"query":"FROM articles | WHERE territory == \\"DEP:69\\""}',
  };
  const texts = CASES.filter(({ endpoint }) => languages[endpoint.body] !== undefined);

  it.each(texts)('$title: the shorthand in it is refused, with the advice to use "filter"', async (one) => {
    recording.asked.length = 0;
    const { status, json } = await send(one, expanding.url, languages[one.endpoint.body]!);
    expect([status, json.error.type]).toEqual([400, 'territory_unsupported_exception']);
    expect(json.error.reason).toContain('"filter"');
    expect(recording.asked).toEqual([]);
  });
});
