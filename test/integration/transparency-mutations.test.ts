/**
 * Random mutations of odd but legal requests, to Elasticsearch directly and through the proxy: same status, same
 * meaningful headers, same body. `TEST_SEED` names another seed, `TEST_RUNS=10` makes it ten times as long.
 */
import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Rewriters } from '../../src/proxy/rewriters.js';
import { ProxyServer } from '../../src/proxy/server.js';
import { mergeMsearch } from '../../src/query/msearch.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { runs, SEED } from '../support/seed.js';
import { between } from './support/between.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';
import { Random } from './support/random.js';
import { type RawAnswer, readAnswer } from './support/raw-request.js';

const RUNS = runs(400);
const random = new Random(SEED);

const client = newClient();
/** Of a name that no index of another test shares, so that a pattern finds this one alone. */
const stem = uniqueName('mutated');
const index = `${stem}-articles`;
let server: ProxyServer;
let proxyUrl: string;

beforeAll(async () => {
  await createIndex(client, index, { properties: { tag: { type: 'keyword' }, text: { type: 'text' } } }, [
    ['a', { tag: 'COM:69123', text: 'salaire minimum', n: 1 }],
    ['b', { tag: 'COM:01234', text: 'salaire', n: 2 }],
  ]);
  const rewriter = new Rewriter(TerritoryTree.build([{ code: 'COM:69123' }]), {
    shorthand: 'territory',
    indices: [[`${stem}*`, { units: 'tag' }]],
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

/** A request before it is written down, so that each part can change and the framing stays legal. */
interface Parts {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Buffer;
  framing: 'length' | 'chunks';
  gzip: boolean;
}

const MATCH = '{"query":{"match":{"text":"salaire"}},"sort":["_doc"]}';
const BOOL = '{"query":{"bool":{"must":[{"term":{"tag":"COM:69123"}}],"filter":{"range":{"n":{"gte":1,"lt":1e1}}}}}}';
const AGGS = '{"size":0,"aggs":{"t":{"terms":{"field":"tag"}},"n":{"sum":{"field":"n"}}}}';
const STRING = '{"query":{"query_string":{"query":"text:(salaire AND min*) OR tag:\\"COM:01234\\"^2"}}}';

/** Nothing that changes the index: all are asked three times. */
const SEEDS: readonly [method: string, target: string, body: string, type?: string][] = [
  ['POST', `/${index}/_search`, MATCH],
  ['GET', `/${index}/_search?typed_keys&filter_path=hits.hits._id,aggregations`, AGGS],
  ['POST', `/${index}/_search?pretty&size=1&from=1`, BOOL],
  ['POST', `/${stem}*/_search?ignore_unavailable=true&allow_no_indices&filter_path=hits.total`, STRING],
  ['GET', `/${index}/_search?q=text:salaire%20AND+tag:COM%5C:69123&sort=n:desc&track_scores`, ''],
  ['GET', `/${index}/_count?q=*:*`, ''],
  ['POST', `/${index}/_count`, '{"query":{"match_all":{}}}'],
  ['POST', `/${index}/_msearch`, `{}\n${MATCH}\n{"index":"no-such"}\n${BOOL}\n`, 'application/x-ndjson'],
  ['POST', `/${index}/_validate/query?explain`, BOOL],
  ['POST', `/${index}/_explain/a`, '{"query":{"term":{"tag":"COM:69123"}}}'],
  ['POST', `/${index}/_field_caps?fields=*`, ''],
  ['POST', `/${index}/_mget`, '{"ids":["a","z"]}'],
  ['GET', `/${index}/_doc/a?_source_includes=t*`, ''],
  ['HEAD', `/${index}/_doc/a`, ''],
  ['GET', `/${index}/_mapping/field/ta*`, ''],
  ['POST', `/${index}/_analyze`, '{"text":"Le salaire"}'],
  ['GET', `/_cat/count/${stem}*?h=count&format=json`, ''],
];

function pick(): Parts {
  const [method, target, body, type = 'application/json'] = random.of(SEEDS);
  return {
    method,
    target,
    headers: [['Host', 'es'], ...(body === '' ? [] : ([['Content-Type', type]] as [string, string][]))],
    body: Buffer.from(body),
    framing: 'length',
    gzip: false,
  };
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  'null',
  'true',
  '1e400',
  '-0',
  '1.0',
  '\n',
  ' ',
  '/**/',
  '\\u0061',
  'é',
  '\ufeff',
  "'",
  'NaN',
  '"size":1,',
];
const PARAMETERS = [
  'pretty',
  'human=false',
  'error_trace=false',
  'preference=_local',
  'routing=x',
  // Longer than any machine is busy: what a search found until then is no answer to compare.
  'timeout=10m',
  'x',
  '=y',
  'size=-1',
  'q=*',
  'request_cache=true',
  'filter_path=-_shards',
  'source_content_type=application/json',
];
const HEADERS: readonly [string, string][] = [
  ['Accept', 'application/vnd.elasticsearch+json;compatible-with=8'],
  ['Accept', 'application/yaml'],
  ['Accept', '*/*'],
  ['accept', 'text/html;q=0.9, application/json'],
  ['Accept-Encoding', 'gzip'],
  ['Accept-Encoding', 'gzip;q=0, identity'],
  ['X-Opaque-Id', 'a b;c'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['X-Elastic-Product-Origin', 'kibana'],
  ['Origin', 'http://elsewhere.example'],
  ['Authorization', 'Basic bm9ib2R5Om5vdGhpbmc='],
  ['Cookie', 'a=b; c=d'],
  ['X-Forwarded-For', '10.0.0.1, 10.0.0.2'],
  ['Via', '1.1 somewhere'],
  ['X-Empty', ''],
  ['x-LATIN', 'caf\xe9'],
  ['X-Spaces', '  a   b  '],
  ['Connection', 'close, X-Spaces'],
  ['If-None-Match', '"x"'],
  ['Range', 'bytes=0-3'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Content-Type', 'application/json; charset=UTF-8'],
];

const MUTATIONS: readonly ((parts: Parts) => void)[] = [
  (parts) => splice(parts, random.below(3), random.of(TOKENS)),
  (parts) => splice(parts, 1 + random.below(4), ''),
  (parts) => splice(parts, 0, parts.body.subarray(random.below(parts.body.length + 1)).toString('latin1')),
  (parts) => {
    if (parts.body.length > 0) parts.body[random.below(parts.body.length)]! ^= 1 << random.below(7);
  },
  (parts) => {
    const at = parts.target.includes('?') ? '&' : '?';
    parts.target += random.of([at, at, at, ';']) + random.of(PARAMETERS);
  },
  (parts) => {
    const at = 1 + random.below(parts.target.length - 1);
    const code = parts.target.charCodeAt(at);
    // Not in the midst of an escape.
    if (/%.?$/.test(parts.target.slice(0, at)) || parts.target[at] === '%') return;
    const hex = code.toString(16);
    parts.target = `${parts.target.slice(0, at)}%${random.below(2) === 0 ? hex : hex.toUpperCase()}${parts.target.slice(at + 1)}`;
  },
  (parts) => {
    const path = parts.target.split('/');
    path.splice(1 + random.below(path.length), 0, random.of(['', '', '.', '..', '_all', '*']));
    parts.target = path.join('/');
  },
  (parts) => {
    parts.method = random.of(['GET', 'POST', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE']);
  },
  (parts) => void parts.headers.splice(random.below(parts.headers.length + 1), 0, random.of(HEADERS)),
  (parts) => void parts.headers.splice(random.below(parts.headers.length + 1), 0, random.of(HEADERS)),
  (parts) => void parts.headers.splice(random.below(parts.headers.length), 1),
  (parts) => {
    const header = random.of(parts.headers);
    if (header !== undefined) header[0] = random.below(2) === 0 ? header[0].toUpperCase() : header[0].toLowerCase();
  },
  (parts) => {
    parts.framing = 'chunks';
  },
  (parts) => {
    parts.gzip = true;
  },
];

function splice(parts: Parts, count: number, text: string): void {
  const at = random.below(parts.body.length + 1);
  parts.body = Buffer.concat([parts.body.subarray(0, at), Buffer.from(text), parts.body.subarray(at + count)]);
}

function written({ method, target, headers, body, framing, gzip }: Parts): Buffer {
  const bytes = gzip ? gzipSync(body) : body;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const encoding = gzip ? 'Content-Encoding: gzip\r\n' : '';
  const close = headers.some(([name]) => name.toLowerCase() === 'connection') ? '' : 'Connection: close\r\n';
  const framed = framing === 'chunks' ? chunks(bytes) : bytes;
  const length =
    framing === 'chunks'
      ? 'Transfer-Encoding: chunked\r\n'
      : bytes.length > 0
        ? `Content-Length: ${bytes.length}\r\n`
        : '';
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}${encoding}${close}${length}\r\n`, 'latin1'),
    framed,
  ]);
}

function chunks(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + 1 + random.below(20));
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

/** One answer. It ends with its body: after what it can't read, Elasticsearch does not close the connection. */
function ask(url: string, bytes: Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    const done = (): void => {
      socket.destroy();
      try {
        // The answer to HEAD names a transfer encoding for the body that it has not.
        const head = bytes.toString('latin1', 0, 5) === 'HEAD ';
        const text = head ? got.toString('latin1').replace(/transfer-encoding: chunked\r\n/i, '') : got;
        resolve(readAnswer(Buffer.from(text as string, 'latin1')));
      } catch (error) {
        reject(error);
      }
    };
    socket.setTimeout(60_000, () => reject(new Error(`no answer within a minute to ${bytes.toString('latin1')}`)));
    socket.on('error', reject).on('end', done);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (isWhole(got, bytes.toString('latin1', 0, 5) === 'HEAD ')) done();
    });
  });
}

function isWhole(got: Buffer, head: boolean): boolean {
  const end = got.indexOf('\r\n\r\n');
  if (end < 0) return false;
  if (head) return true;
  const text = got.toString('latin1', 0, end + 2);
  if (/^transfer-encoding: *chunked\r$/im.test(text)) return got.subarray(-7).toString('latin1') === '\r\n0\r\n\r\n';
  const length = /^content-length: *(\d+)\r$/im.exec(text)?.[1];
  return length !== undefined && got.length >= end + 4 + Number(length);
}

/** Without what belongs to a connection, or differs from one call to the next. */
function comparable({ status, headers, body }: RawAnswer): object {
  const { connection, 'keep-alive': _, 'transfer-encoding': __, 'content-length': ___, ...meaningful } = headers;
  const plain = headers['content-encoding']?.[0] === 'gzip' && body.length > 0 ? gunzipSync(body) : body;
  const text = plain
    .toString('latin1')
    .replace(/("?took"?\s*:\s*)\d+/g, '$1N')
    // Long texts of YAML are folded, elsewhere where they are longer.
    .replace(/\\\n *\\?/g, '')
    // Which of its classes held the bytes depends on the pieces in which they came.
    .replace(/\[Source: .*?; line/gs, '[Source; line');
  return { status, headers: meaningful, body: text };
}

/** What the proxy refuses by itself, for two servers may read it differently or it could hide the shorthand. */
function mayBeRefused(parts: Parts): boolean {
  const { headers, target, body } = parts;
  const count = (name: string): number => headers.filter((header) => header[0].toLowerCase() === name).length;
  const types = headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, type]) => type);
  return (
    count('content-type') > 1 ||
    count('host') > 1 ||
    types.some((type) => !/^application\/(?:vnd\.elasticsearch\+)?(?:x-nd)?json/i.test(type)) ||
    !target.startsWith('/') ||
    /\\u/.test(body.toString('latin1')) ||
    !isUtf8(body)
  );
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}

test(
  `${RUNS} mutated requests are answered as by Elasticsearch itself (TEST_SEED=${SEED})`,
  async () => {
    let compared = 0;
    let refused = 0;
    for (let run = 0; run < RUNS; run++) {
      const parts = pick();
      for (let n = 1 + random.below(4); n > 0; n--) random.of(MUTATIONS)(parts);
      const bytes = written(parts);
      const { before, through, after } = await between(
        () => ask(elasticsearchUrl(), bytes),
        () => ask(proxyUrl, bytes),
      );
      const said = { run, sent: bytes.toString('latin1') };
      const own = /"type":"territory_/.test(through.body.toString('latin1'));
      if (own && mayBeRefused(parts)) {
        refused += 1;
        const type = 'territory_unsupported_exception';
        const { error, status } = JSON.parse(through.body.toString());
        expect({ ...said, told: through.status, status, type: error.type }).toEqual({
          ...said,
          told: 400,
          status: 400,
          type,
        });
        continue;
      }
      // What Elasticsearch does not answer twice alike is compared by its status.
      if (isDeepStrictEqual(comparable(before), comparable(after)))
        expect({ ...said, answer: comparable(through) }).toEqual({ ...said, answer: comparable(before) });
      else expect({ ...said, status: through.status }).toEqual({ ...said, status: before.status });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(RUNS / 2);
    expect(refused).toBeLessThan(RUNS / 2);
  },
  runs(900_000),
);
