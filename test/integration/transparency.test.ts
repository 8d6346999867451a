/** The same raw bytes to Elasticsearch and through the proxy: same status, same meaningful headers, same body. */

import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Rewriters } from '../../src/proxy/rewriters.js';
import { ProxyServer } from '../../src/proxy/server.js';
import { mergeMsearch } from '../../src/query/msearch.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { between } from './support/between.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';
import { type RawAnswer, rawExchange, readAnswer } from './support/raw-request.js';

const client = newClient();
const index = uniqueName('articles');
let server: ProxyServer;
let proxyUrl: string;

beforeAll(async () => {
  await createIndex(client, index, { properties: { tag: { type: 'keyword' }, text: { type: 'text' } } }, [
    ['a', { tag: 'COM:69123', text: 'salaire minimum', n: 1 }],
    ['b', { tag: 'COM:01234', text: 'salaire', n: 2 }],
  ]);
  const rewriter = new Rewriter(TerritoryTree.build([{ code: 'COM:69123' }]), {
    shorthand: 'territory',
    indices: [['articles*', { units: 'tag' }]],
    aliases: {},
    definitions: 'reject',
    unknown: 'error',
    limits: { depth: 1000, expandedBytes: 104_857_600 },
    cacheBytes: 1_000_000,
  });
  server = new ProxyServer(
    {
      nodes: [new URL(elasticsearchUrl())],
      host: '127.0.0.1',
      port: 0,
      upstream: { timeoutMs: 0, connections: 4 },
      limits: { inFlight: 100, bodyBytes: 104_857_600, bufferedBytes: 536_870_912 },
    },
    { rewriters: new Rewriters(rewriter), internal: (_request, response) => response.end(), mergeMsearch },
  );
  proxyUrl = `http://127.0.0.1:${(await server.listen()).port}`;
});

afterAll(async () => {
  await server.close({ graceMs: 1000 });
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

function request(line: string, headers = '', body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body as string);
  const length = bytes.length > 0 || /^(?:POST|PUT)/.test(line) ? `Content-Length: ${bytes.length}\r\n` : '';
  return Buffer.concat([
    Buffer.from(`${line} HTTP/1.1\r\nHost: es\r\n${headers}${length}Connection: close\r\n\r\n`, 'latin1'),
    bytes,
  ]);
}

const JSON_TYPE = 'Content-Type: application/json\r\n';
const MATCH = '{"query":{"match":{"text":"salaire"}}}';
const deep = (depth: number): string =>
  `{"query":${'{"bool":{"filter":'.repeat(depth)}{"match_all":{}}${'}}'.repeat(depth)}}`;

const CORPUS: readonly [name: string, bytes: Buffer][] = [
  ['the root', request('GET /')],
  ['HEAD of an index', request(`HEAD /${index}`)],
  ['HEAD of an index that is not there', request('HEAD /no-such-index')],
  ['a path that is not there', request('GET /_no/such/path')],
  ['a method that is not allowed', request('DELETE /_search')],
  ['OPTIONS', request(`OPTIONS /${index}/_search`)],
  ['a search', request(`POST /${index}/_search`, JSON_TYPE, MATCH)],
  ['a search by GET with a body', request(`GET /${index}/_search`, JSON_TYPE, MATCH)],
  ['a search in the URL', request(`GET /${index}/_search?q=text:salaire+AND+tag:COM%5C:69123`)],
  [
    'a search with the body in source=',
    request(`GET /${index}/_search?source=${encodeURIComponent(MATCH)}&source_content_type=application/json`),
  ],
  ['pretty, human and filter_path', request(`GET /${index}/_search?pretty&human&filter_path=hits.total;x=1`)],
  ['totals as numbers', request(`GET /${index}/_search?rest_total_hits_as_int=true`)],
  ['YAML asked for', request(`GET /${index}/_search?format=yaml`)],
  ['CBOR asked for', request(`GET /${index}/_search?format=cbor&filter_path=hits`)],
  ['compressed answer', request(`GET /${index}/_search?filter_path=hits`, 'Accept-Encoding: gzip\r\n')],
  ['compressed body', request(`POST /${index}/_search`, `${JSON_TYPE}Content-Encoding: gzip\r\n`, gzipSync(MATCH))],
  [
    'compatible media types',
    request(
      `POST /${index}/_search`,
      'Accept: application/vnd.elasticsearch+json;compatible-with=8\r\nContent-Type: application/vnd.elasticsearch+json;compatible-with=8\r\n',
      MATCH,
    ),
  ],
  [
    'X-Opaque-Id and traceparent',
    request(
      `GET /${index}/_count`,
      'X-Opaque-Id: 4711\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n',
    ),
  ],
  ['no content type', request(`POST /${index}/_search`, '', MATCH)],
  ['a wrong content type', request(`POST /${index}/_search`, 'Content-Type: text/plain\r\n', MATCH)],
  ['two content types', request(`POST /${index}/_search`, `${JSON_TYPE}Content-Type: application/yaml\r\n`, MATCH)],
  ['comments and a byte order mark', request(`POST /${index}/_search`, JSON_TYPE, `\ufeff{/* c */${MATCH.slice(1)}`)],
  ['duplicate keys', request(`POST /${index}/_search`, JSON_TYPE, '{"size":1,"size":2}')],
  [
    'numbers beyond all measure',
    request(`POST /${index}/_search`, JSON_TYPE, '{"query":{"term":{"n":12345678901234567890123}}}'),
  ],
  ['1e400', request(`POST /${index}/_search`, JSON_TYPE, '{"query":{"term":{"n":1e400}}}')],
  ['cut JSON', request(`POST /${index}/_search`, JSON_TYPE, '{"query":{"match"')],
  ['no JSON at all', request(`POST /${index}/_search`, JSON_TYPE, 'hello')],
  ['an unknown query', request(`POST /${index}/_search`, JSON_TYPE, '{"query":{"quux":{}}}')],
  ['some depth', request(`POST /${index}/_search`, JSON_TYPE, deep(20))],
  [
    '_msearch',
    request(
      `POST /${index}/_msearch`,
      'Content-Type: application/x-ndjson\r\n',
      `{}\n${MATCH}\n{"index":"no-such-index"}\n{}\n`,
    ),
  ],
  [
    '_msearch without the last newline',
    request(`POST /${index}/_msearch`, 'Content-Type: application/x-ndjson\r\n', `{}\n${MATCH}`),
  ],
  ['a broken _bulk', request(`POST /${index}/_bulk`, 'Content-Type: application/x-ndjson\r\n', '{"index":{}}\n')],
  ['a document', request(`GET /${index}/_doc/a`)],
  ['a document that is not there', request(`GET /${index}/_doc/z`)],
  ['an encoded path', request(`GET /${index.slice(0, 3)}%61${index.slice(4)}/_doc/a%2Fb`)],
  ['date math in the name', request('GET /%3Clogs-%7Bnow%2Fd%7D%3E/_search')],
  ['doubled and trailing slashes', request(`GET //${index}//_count/`)],
  ['a long line', request(`GET /${index}/_search?q=${'a'.repeat(5000)}`)],
  ['a header in Latin-1', request(`GET /${index}/_count`, 'X-Latin: caf\xe9\r\n')],
  [
    'chunks',
    Buffer.from(
      `POST /${index}/_search HTTP/1.1\r\nHost: es\r\n${JSON_TYPE}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;ext=1\r\n${MATCH.slice(0, 5)}\r\n${(MATCH.length - 5).toString(16)}\r\n${MATCH.slice(5)}\r\n0\r\n\r\n`,
    ),
  ],
  [
    'Expect: 100-continue',
    Buffer.from(`GET /${index}/_count HTTP/1.1\r\nHost: es\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`),
  ],
  ['HTTP/1.0', Buffer.from(`GET /${index}/_count HTTP/1.0\r\n\r\n`)],
  ['no Host', Buffer.from(`GET /${index}/_count HTTP/1.1\r\nConnection: close\r\n\r\n`)],
];

/** One answer, without the interim one before it. The answer to HEAD names a transfer encoding for the body it has not. */
async function ask(url: string, bytes: Buffer): Promise<RawAnswer> {
  let text = (await rawExchange(url, bytes)).toString('latin1').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  if (bytes.toString('latin1', 0, 4) === 'HEAD') text = text.replace(/transfer-encoding: chunked\r\n/i, '');
  return readAnswer(Buffer.from(text, 'latin1'));
}

/** As `ask`, but ends with the bytes that the length announces: Elasticsearch does not close after what it can't read. */
function askWithoutEnd(url: string, bytes: Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('error', reject).on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (end < 0 || got.length < end + 4 + Number(/content-length: *(\d+)/i.exec(got.toString('latin1'))?.[1])) return;
      socket.destroy();
      resolve(readAnswer(got));
    });
  });
}

/** What differs from one call to the next, or belongs to a connection. */
function comparable(answer: RawAnswer): object {
  const {
    connection,
    'keep-alive': _,
    'transfer-encoding': framed,
    'content-length': length,
    ...headers
  } = answer.headers;
  const body = answer.body.toString('latin1').replace(/("?took"?:\s*)\d+/g, '$1N');
  const known = framed === undefined && body === answer.body.toString('latin1');
  return { status: answer.status, headers, length: known ? length : undefined, body };
}

test.each(CORPUS)('%s: the answer is that of Elasticsearch itself', async (_name, bytes) => {
  for (;;) {
    const { before, through, after } = await between(
      () => ask(elasticsearchUrl(), bytes),
      () => ask(proxyUrl, bytes),
    );
    // The day of a name with date math may be over meanwhile.
    if (!isDeepStrictEqual(comparable(before), comparable(after))) continue;
    expect(comparable(through)).toEqual(comparable(before));
    return;
  }
});

test('a head over 16 kB is answered as by Elasticsearch, and no request after it is lost', async () => {
  const bytes = request(`GET /${index}/_search`, `X-Long: ${'a'.repeat(20_000)}\r\n`);
  const direct = await askWithoutEnd(elasticsearchUrl(), bytes);
  for (let i = 0; i < 6; i++) {
    expect(comparable(await askWithoutEnd(proxyUrl, bytes))).toEqual(comparable(direct));
    expect((await ask(proxyUrl, request(`GET /${index}/_count`))).status).toBe(200);
  }
  expect(direct.status).toBe(400);
});

test('a body over the limit gets the status that Elasticsearch gives it', async () => {
  const bytes = Buffer.from(
    `POST /_bulk HTTP/1.1\r\nHost: es\r\n${JSON_TYPE}Content-Length: 104857601\r\nConnection: close\r\n\r\n`,
  );
  expect((await askWithoutEnd(elasticsearchUrl(), bytes)).status).toBe(413);
  expect((await askWithoutEnd(proxyUrl, bytes)).status).toBe(413);
});
