import { request } from 'node:http';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { must } from './support/ask.js';
import { elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

/**
 * Nothing passes unexpanded. The index really has a field of the shorthand's name, in one document only, so that
 * Elasticsearch's own answer to the same bytes tells whether it reads the name in them: then it finds the decoy. Through the
 * proxy the decoy is never found.
 */
const es = elasticsearchUrl();
const index = uniqueName('slips');
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy({ indices: { [index]: { units: 'tu' } } });
  const keyword = { type: 'keyword' };
  const properties = { text: { type: 'text' }, tu: keyword, territory: keyword };
  await must(es, 'PUT', `/${index}`, {
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties },
  });
  await must(es, 'POST', `/${index}/_bulk?refresh`, [
    { index: { _id: 'decoy' } },
    { text: 'decoy', territory: 'DEP:69' },
    { index: { _id: 'lyon' } },
    { text: 'lyon', tu: 'COM:69123' },
    { index: { _id: 'paris' } },
    { text: 'paris', tu: 'COM:75056' },
  ]);
});

afterAll(async () => {
  await must(es, 'DELETE', `/${index}`);
  await proxy?.stop();
});

interface Trick {
  readonly body?: Buffer | string;
  readonly type?: string;
  readonly encoding?: string;
  readonly method?: string;
  /** Behind the name of the index. */
  readonly path?: string;
}

interface Seen {
  readonly status: number;
  readonly text: string;
  /** The documents of the first answer that has hits. */
  readonly ids: readonly string[];
}

/** As bytes: fetch would tidy up the path and the body. */
function send(
  url: string,
  { body, type = 'application/json', encoding, method = 'POST', path = '/_search' }: Trick,
): Promise<Seen> {
  const { hostname, port } = new URL(url);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) {
    headers['content-type'] = type;
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path: `/${index}${path}`, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: answer.statusCode!,
          text,
          ids: [...text.matchAll(/"_id":"(\w+)"/g)].map(([, id]) => id!).sort(),
        });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const QUERY = '{"query":{"term":{"territory":"DEP:69"}}}';
const LINES = `{}\n${QUERY}\n`;
const lucene = (text: string, more = '') => `{"query":{"query_string":{"query":${JSON.stringify(text)}${more}}}}`;
const wide = (text: string, mark = '') => Buffer.from(mark + text, 'utf16le');
const wider = (text: string) => Buffer.from([...text].flatMap((c) => [0, 0, 0, c.charCodeAt(0)]));
const narrow = (text: string, at: string, bytes: readonly number[]) => {
  const [before, after] = text.split(at) as [string, string];
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};

/** Maps in maps around a text, in a format of bytes. */
const nested = (open: number, key: (name: string) => number[], value: (text: string) => number[], close: number[]) => [
  open,
  ...key('query'),
  open,
  ...key('term'),
  open,
  ...key('territory'),
  ...value('DEP:69'),
  ...close,
  ...close,
  ...close,
];
const chars = (text: string) => [...Buffer.from(text)];
const CBOR = Buffer.from(
  nested(
    0xa1,
    (k) => [0x60 + k.length, ...chars(k)],
    (v) => [0x60 + v.length, ...chars(v)],
    [],
  ),
);
const SMILE = Buffer.from([
  0x3a,
  0x29,
  0x0a,
  0x00,
  ...nested(
    0xfa,
    (k) => [0x7f + k.length, ...chars(k)],
    (v) => [0x3f + v.length, ...chars(v)],
    [0xfb],
  ),
]);
const YAML = 'query:\n  term:\n    territory: "DEP:69"\n';

const inUrl = (text: string) => `/_search?source=${encodeURIComponent(text)}&source_content_type=application%2Fjson`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const wrapper = (text: string) => `{"query":{"wrapper":{"query":"${base64(text)}"}}}`;

describe('Elasticsearch reads it, and so does the proxy', () => {
  const tricks: Record<string, Trick> = {
    'plain, to begin with': { body: QUERY },
    'deflate without its head': { body: deflateRawSync(QUERY), encoding: 'deflate' },
    gzip: { body: gzipSync(QUERY), encoding: 'gzip' },
    'gzip in capitals': { body: gzipSync(QUERY), encoding: 'GZIP' },
    'x-gzip': { body: gzipSync(QUERY), encoding: 'x-gzip' },
    deflate: { body: deflateSync(QUERY), encoding: 'deflate' },
    'two members of gzip': {
      body: Buffer.concat([gzipSync(QUERY.slice(0, 9)), gzipSync(QUERY.slice(9))]),
      encoding: 'gzip',
    },
    'an encoding that changes nothing': { body: QUERY, encoding: 'identity' },
    'an escape in a key of JSON': { body: QUERY.replace('territory', '\\u0074erritory') },
    'all of a key in escapes': {
      body: QUERY.replace('territory', [...'territory'].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')),
    },
    "escapes in the query's type": { body: QUERY.replace('term"', '\\u0074\\u0065rm"') },
    'an escape in a query string': { body: lucene('territory:"DEP:69"').replace('territory', '\\u0074erritory') },
    'an escape of Lucene': { body: lucene('\\u0074erritory:"DEP:69"') },
    'a backslash before a letter in Lucene': { body: lucene('t\\erritory:DEP\\:69') },
    'space around the colon in Lucene': { body: lucene('territory : "DEP:69"') },
    'a full-width space in Lucene': { body: lucene('xyz\u3000territory:"DEP:69"') },
    'white space of every kind': { body: `\n\t{ "query"\r\n:\t{ "term" :\n{ "territory"   : "DEP:69" } } }  ` },
    'a byte order mark': { body: `\ufeff${QUERY}` },
    'a comment of lines': { body: `// "x"\n${QUERY.replace('{"territory"', '{ // {\n"territory"')}` },
    'a comment in the middle': { body: QUERY.replace(':"DEP', '/* : */:/*"*/"DEP') },
    'base64 in a wrapper': { body: wrapper('{"term":{"territory":"DEP:69"}}') },
    'a wrapper in a wrapper': { body: wrapper(`{"wrapper":{"query":"${base64('{"term":{"territory":"DEP:69"}}')}"}}`) },
    'base64 in pieces, each with its padding': {
      body: `{"query":{"wrapper":{"query":"${base64('{"term":{"')}${base64('territory":"DEP:69"}}')}"}}}`,
    },
    'base64 with a line break and a form feed': {
      body: wrapper('{"term":{"territory":"DEP:69"}}').replace('eyJ0', 'eyJ0\n\f'),
    },
    'base64 with garbage in it, behind the query': { body: wrapper('{"term":{"territory":"DEP:69"}}/\0') },
    'an escape in a wrapper': { body: wrapper('{"term":{"\\u0074erritory":"DEP:69"}}') },
    'an escape in the URL': { method: 'GET', path: '/_search?q=%74erritory:%22DEP:69%22' },
    'an escape in the name of the parameter': { method: 'GET', path: '/_search?%71=territory:%22DEP:69%22' },
    'the other separator': { method: 'GET', path: '/_search?size=5;q=territory:%22DEP:69%22' },
    'the parameter twice': { method: 'GET', path: '/_search?q=paris&q=territory:%22DEP:69%22' },
    'a slash at the end': { body: QUERY, path: '/_search/' },
    'a body in the URL': { method: 'GET', path: inUrl(QUERY) },
    'a body in the URL with escapes': { method: 'GET', path: inUrl(QUERY.replace('territory', '\\u0074erritory')) },
    'GET with a body': { method: 'GET', body: QUERY },
    lines: { body: LINES, path: '/_msearch', type: 'application/x-ndjson' },
    'lines as JSON': { body: LINES, path: '/_msearch' },
    'lines in gzip': { body: gzipSync(LINES), path: '/_msearch', encoding: 'gzip', type: 'application/x-ndjson' },
    'lines that end as on Windows': {
      body: LINES.replaceAll('\n', '\r\n'),
      path: '/_msearch',
      type: 'application/x-ndjson',
    },
    'more behind the body': { body: `${QUERY}   \n` },
  };

  it.each(Object.entries(tricks))('%s', async (_, trick) => {
    const direct = await send(es, trick);
    if (direct.status === 400) throw new Error(`it does not: ${direct.text}`);
    expect([direct.status, direct.ids]).toEqual([200, ['decoy']]);
    const answer = await send(proxy.url, trick);
    expect([answer.status, answer.ids, answer.status === 200 ? '' : answer.text]).toEqual([200, ['lyon'], '']);
  });
});

describe('Elasticsearch reads it, and the proxy refuses it with a reason', () => {
  const match = (name: string, more: string) => `{"query":{"${name}":{"query":"DEP:69",${more}}}}`;
  const byField = (name: string, value: string) => `{"query":{"${name}":{"territory":${value}}}}`;
  const tricks: Record<string, readonly [reason: RegExp, trick: Trick]> = {
    YAML: [/YAML/, { body: YAML, type: 'application/yaml' }],
    'JSON that is called YAML': [/YAML/, { body: QUERY, type: 'application/yaml' }],
    CBOR: [/CBOR/, { body: CBOR, type: 'application/cbor' }],
    SMILE: [/SMILE/, { body: SMILE, type: 'application/smile' }],
    'lines in SMILE': [
      /SMILE/,
      {
        body: Buffer.concat([Buffer.from([0x3a, 0x29, 0x0a, 0x00, 0xfa, 0xfb, 0xff]), SMILE, Buffer.from([0xff])]),
        type: 'application/smile',
        path: '/_msearch',
      },
    ],
    'UTF-16': [/UTF-16/, { body: wide(QUERY) }],
    'UTF-16 with its mark': [/UTF-16/, { body: wide(QUERY, '\ufeff') }],
    'UTF-16, the other way round': [/UTF-16/, { body: wide(QUERY).swap16() }],
    'UTF-32': [/UTF-16 or UTF-32/, { body: wider(QUERY) }],
    'overlong UTF-8': [/overlong/, { body: narrow(QUERY.replace('territory', '@erritory'), '@', [0xc1, 0xb4]) }],
    terms_set: [
      /terms_set/,
      { body: byField('terms_set', '{"terms":["DEP:69"],"minimum_should_match_script":{"source":"1"}}') },
    ],
    kql: [/kql/, { body: '{"query":{"kql":{"query":"territory: \\"DEP:69\\""}}}' }],
    'a compression that Elasticsearch does not know, and so takes for none': [
      /compressed with/,
      { body: QUERY, encoding: 'br' },
    ],
    fields: [/fields/, { body: match('multi_match', '"fields":["territory"]') }],
    'fields with a boost': [
      /fields/,
      { body: match('query_string', '"fields":["territory^2"]').replace('DEP:69', 'DEP\\\\:69') },
    ],
    default_field: [
      /fields/,
      { body: match('query_string', '"default_field":"territory"').replace('DEP:69', 'DEP\\\\:69') },
    ],
    'the fields of simple_query_string': [/fields/, { body: match('simple_query_string', '"fields":["territory"]') }],
    df: [/df/, { method: 'GET', path: '/_search?q=%22DEP:69%22&df=territory' }],
    'df with an escape': [/df/, { method: 'GET', path: '/_search?q=%22DEP:69%22&df=%74erritory' }],
    prefix: [/prefix/, { body: byField('prefix', '"DEP:6"') }],
    range: [/range/, { body: byField('range', '{"gte":"DEP:6"}') }],
    wildcard: [/wildcard/, { body: byField('wildcard', '"DEP*"') }],
    regexp: [/regexp/, { body: byField('regexp', '"DEP.*"') }],
    fuzzy: [/fuzzy/, { body: byField('fuzzy', '"DEP:68"') }],
    'a wildcard in Lucene': [/wildcard|prefix/i, { body: lucene('territory:DEP*') }],
    'a range in Lucene': [/range/, { body: lucene('territory:[A TO Z]') }],
    'a regular expression in Lucene': [/regular|regex/, { body: lucene('territory:/DEP.*/') }],
  };

  it.each(Object.entries(tricks))('%s', async (_, [reason, trick]) => {
    const direct = await send(es, trick);
    expect([direct.status, direct.ids, direct.status === 200 ? '' : direct.text]).toEqual([200, ['decoy'], '']);
    const answer = await send(proxy.url, trick);
    expect(answer.status).toBe(400);
    const { error, status } = JSON.parse(answer.text);
    expect([status, error.type, error.reason]).toEqual([
      400,
      expect.stringMatching(/^territory_/),
      expect.stringMatching(reason),
    ]);
  });
});

describe('Elasticsearch does not read it, and says the same through the proxy', () => {
  const tricks: Record<string, Trick> = {
    'two slashes': { body: QUERY, path: '//_search' },
    'another type of query in capitals': { body: '{"query":{"Match_all":{}}}' },
    'capitals in the name': { body: QUERY.replace('territory', 'Territory') },
    'space in the name': { body: QUERY.replace('territory', ' territory') },
    'single quotes': { body: QUERY.replaceAll('"', "'") },
    'names without quotes': { body: '{query:{term:{territory:"DEP:69"}}}' },
    'a comma too many': { body: QUERY.replace('"}', '",}') },
    'a body that is cut': { body: QUERY.slice(0, -1) },
    'a hash for a comment': { body: `# x\n${QUERY}` },
    'no JSON at all': { body: YAML },
    'a path in capitals': { body: QUERY, path: '/_SEARCH' },
    PUT: { body: QUERY, method: 'PUT' },
    text: { body: QUERY, type: 'text/plain' },
    'a form': { body: `source=${encodeURIComponent(QUERY)}`, type: 'application/x-www-form-urlencoded' },
    'two escapes in the URL': { method: 'GET', path: '/_search?q=%2574erritory:%22DEP:69%22' },
    'a body in the URL without its type': { method: 'GET', path: `/_search?source=${encodeURIComponent(QUERY)}` },
    'the word alone': { body: lucene('territory') },
    'in quotes': { body: lucene('"territory:DEP:69"', ',"default_field":"text"') },
    'with its colon escaped': { body: lucene('territory\\:lyon', ',"default_field":"text"') },
    'q where none is read': { body: '{}', path: '/_field_caps?fields=text&q=territory:%22DEP:69%22' },
  };

  it.each(Object.entries(tricks))('%s', async (_, trick) => {
    const [direct, answer] = [await send(es, trick), await send(proxy.url, trick)];
    expect(direct.ids).not.toContain('decoy');
    const steady = ({ status, text }: Seen) => [status, text.replace(/"took":\d+/, '')];
    expect(steady(answer)).toEqual(steady(direct));
  });
});

describe('what this Elasticsearch lacks or never finds is refused too', () => {
  const tricks: Record<string, readonly [reason: RegExp, trick: Trick]> = {
    'a field in simple_query_string, which has none': [
      /knows no fields/,
      { body: '{"query":{"simple_query_string":{"query":"territory:DEP"}}}' },
    ],
    'a compression in a compression': [/compressed with/, { body: gzipSync(gzipSync(QUERY)), encoding: 'gzip, gzip' }],
    'lines in YAML': [/YAML/, { body: LINES, type: 'application/yaml', path: '/_msearch' }],
    'lines in CBOR': [/CBOR/, { body: CBOR, type: 'application/cbor', path: '/_msearch' }],
    'the name of a query in capitals': [/does not know/, { body: QUERY.replace('term"', 'Term"') }],
    'a span query': [/span_term/, { body: '{"query":{"span_term":{"territory":"DEP:69"}}}' }],
    'a query inside of a span query': [
      /span_multi/,
      { body: '{"query":{"span_multi":{"match":{"prefix":{"territory":"DEP"}}}}}' },
    ],
    "a plug-in's query": [/does not know/, { body: '{"query":{"plugged":{"field":"territory"}}}' }],
  };

  it.each(Object.entries(tricks))('%s', async (_, [reason, trick]) => {
    expect((await send(es, trick)).ids).toEqual([]);
    const answer = await send(proxy.url, trick);
    expect([answer.status, JSON.parse(answer.text).error.reason]).toEqual([400, expect.stringMatching(reason)]);
  });
});

it.each([
  ['a key that repeats', `{"query":{"match_none":{}},${QUERY.slice(1)}`, 'Duplicate field'],
  [
    'a key that repeats in a query',
    `{"query":{"bool":{"filter":[],"filter":[${QUERY.slice(9, -1)}]}}}`,
    'Duplicate field',
  ],
  ['another body behind it', `${QUERY}{}`, 'found after the main object'],
])('%s is an error of Elasticsearch, whose words show what it was sent', async (_, body, words) => {
  const [direct, answer] = [await send(es, { body }), await send(proxy.url, { body })];
  expect([direct.status, direct.text]).toEqual([400, expect.stringContaining(words)]);
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
  expect(answer.text).not.toContain('territory\\"');
});

it('an escape in the path is no path of Elasticsearch, and the proxy that sees through it changes nothing in that', async () => {
  const trick = { method: 'GET', path: '/_se%61rch?q=territory:%22DEP:69%22' };
  const [direct, answer] = [await send(es, trick), await send(proxy.url, trick)];
  expect([direct.status, answer.status]).toEqual([405, 405]);
});
