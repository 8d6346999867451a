import { answer, type ReceivedRequest, StubUpstream } from '../../proxy/support/upstream.js';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  /** Raw path and query string. */
  readonly target: string;
  /** Request line and headers, byte for byte. */
  readonly head: string;
  /** The body's bytes, out of its chunks where it came in such, and as text. */
  readonly bytes: Buffer;
  readonly body: string;
  /** The port at the other end of its connection. */
  readonly port: number;
}

/** What is answered: an object as JSON, or the bytes of a whole answer. */
export type Reply = { readonly status?: string; readonly json: unknown } | Buffer;

export interface RecordingOptions {
  /** `8.19.0` by default. From 9 on `compatible-with=7` is refused, as 9.x does, and so are paths with types. */
  readonly version?: string;
  /** Answers of the test's own, by the request; `undefined` for the usual one. */
  readonly reply?: (asked: Asked) => Reply | undefined;
}

export interface RecordingElasticsearch {
  readonly url: string;
  /** Everything that came, in its order, but for what a proxy asks by itself when it starts. */
  readonly asked: Asked[];
  /** The last request that came. Throws where none did. */
  last(): Asked;
  /** Answers the searches of `/slow` that wait. */
  release(): void;
  close(): Promise<void>;
}

/**
 * A server over HTTP that keeps exactly what it is asked, and answers in Elasticsearch's shapes: for what no server of
 * the tests has (async search, SQL, ES|QL, EQL, retrievers, graph, roles, transforms, watches, version 9, …).
 *
 * ```ts
 * const elasticsearch = await startRecording();
 * const proxy = await startProxy({ elasticsearchUrl: elasticsearch.url, indices: { articles: FIELDS } });
 * await must(proxy.url, 'POST', '/articles/_async_search', { query: { term: { territory: 'DEP:69' } } });
 * expect(JSON.parse(elasticsearch.last().body)).toEqual({ query: … });
 * await proxy.stop();
 * await elasticsearch.close();
 * ```
 */
export async function startRecording({
  version = '8.19.0',
  reply,
}: RecordingOptions = {}): Promise<RecordingElasticsearch> {
  const asked: Asked[] = [];
  const waiting: (() => void)[] = [];
  const stub = new StubUpstream((request, socket) => {
    const one = readRequest(request, socket.remotePort ?? 0);
    // The proxy looks up the mappings of configured fields by itself.
    if (/\/_mapping\//.test(one.target)) return bytesOf({ json: {} });
    asked.push(one);
    const own = reply?.(one);
    if (own !== undefined) return bytesOf(own);
    const refused = refusedBy(Number.parseInt(version, 10), one);
    if (refused !== undefined) return bytesOf(refused);
    const usual = usualAnswer(one, version);
    if (!one.target.startsWith('/slow/')) return usual;
    waiting.push(() => socket.write(usual));
    return undefined;
  });
  await stub.listen();
  return {
    url: stub.url.origin,
    asked,
    last: () => {
      const last = asked.at(-1);
      if (last === undefined) throw new Error('Elasticsearch was asked nothing');
      return last;
    },
    release: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    close: () => stub.close(),
  };
}

function readRequest({ head, body }: ReceivedRequest, port: number): Asked {
  const [method = '', target = ''] = head.split(' ', 2);
  const bytes = /^transfer-encoding:.*chunked/im.test(head) ? joinChunks(body) : body;
  return { method, target, head, bytes, body: bytes.toString(), port };
}

const HITS = { took: 3, timed_out: false, hits: { total: { value: 7, relation: 'eq' }, hits: [] } };
const SHARDS = { total: 1, successful: 1, skipped: 0, failed: 0 };
const TIMES = { start_time_in_millis: 0, expiration_time_in_millis: 1 };

/** What is answered to a path of which this is a part; the first that fits. */
const ANSWERS: readonly (readonly [path: RegExp, json: (asked: Asked) => unknown])[] = [
  [/\/_async_search/, () => ({ id: 'x', is_partial: false, is_running: false, ...TIMES, response: HITS })],
  [
    /\/_(?:fleet_)?msearch/,
    ({ body }) => ({ took: 1, responses: searchesIn(body).map(() => ({ ...HITS, status: 200 })) }),
  ],
  [/\/_cat\/count/, () => [{ epoch: '0', timestamp: '00:00:00', count: '7' }]],
  [/\/_count/, () => ({ count: 7, _shards: SHARDS })],
  [/\/_validate\/query/, () => ({ valid: true, _shards: SHARDS })],
  [/\/_explain/, () => ({ _index: 'articles', _id: '1', matched: true })],
  [/\/_sql\/translate/, () => ({ size: 1000, query: { match_all: {} } })],
  [/\/_sql/, () => ({ columns: [{ name: 'n', type: 'long' }], rows: [[7]] })],
  [/\/_query/, () => ({ took: 1, columns: [{ name: 'n', type: 'long' }], values: [[7]] })],
  [/\/_eql\/search/, () => ({ is_partial: false, is_running: false, took: 1, timed_out: false, hits: { events: [] } })],
  [/\/_graph\/|\/graph\//, () => ({ took: 1, timed_out: false, failures: [], vertices: [], connections: [] })],
  [/\/_rank_eval/, () => ({ metric_score: 1, details: {}, failures: {} })],
  [/\/_field_caps/, () => ({ indices: ['articles'], fields: {} })],
  [/\/_terms_enum/, () => ({ _shards: SHARDS, terms: [], complete: true })],
  [/\/_pit/, () => ({ id: 'pit', _shards: SHARDS })],
  [/\/_(?:delete|update)_by_query|\/_reindex/, () => ({ took: 1, timed_out: false, total: 7, failures: [] })],
  [/\/_bulk/, () => ({ took: 1, errors: false, items: [] })],
  [/\/_search|_knn_search|_rollup_search/, () => HITS],
];

function usualAnswer(asked: Asked, version: string): Buffer {
  const path = asked.target.replace(/[?#].*/, '');
  if (path === '/') {
    const tagline = 'You Know, for Search';
    return bytesOf({ json: { name: 'one', cluster_name: 'recording', version: { number: version }, tagline } });
  }
  if (path.includes('/_mvt/'))
    return answer(Buffer.of(0x1a, 0), 'content-type: application/vnd.mapbox-vector-tile\r\n');
  const found = ANSWERS.find(([pattern]) => pattern.test(path))?.[1];
  // A definition, a document or another change.
  return bytesOf({ json: found === undefined ? { acknowledged: true, result: 'created' } : found(asked) });
}

/** What a server of this major version refuses before it looks at anything else. */
function refusedBy(major: number, { head, method, target }: Asked): Reply | undefined {
  const asks = [...head.matchAll(/^(accept|content-type): *(.*?compatible-with *= *(\d+).*?)\r$/gim)];
  const old = asks.find(([, , , wanted]) => Number(wanted) < major - 1 || Number(wanted) > major);
  if (old !== undefined) {
    const [, name, value, wanted] = old;
    const header = name!.toLowerCase() === 'accept' ? 'Accept' : 'Content-Type';
    const cause = {
      type: 'media_type_header_exception',
      reason: 'Invalid media-type value on headers [Content-Type, Accept]',
    };
    const reason = `${header} version must be either version ${major} or ${major - 1}, but found ${wanted}. ${header}=${value}`;
    const error = { root_cause: [cause], ...cause, caused_by: { type: 'status_exception', reason } };
    return { status: '400 Bad Request', json: { error, status: 400 } };
  }
  const typed = major >= 9 && /^\/[^/_][^/]*\/[^/_][^/]*\/[^/?]/.test(target);
  if (!typed) return undefined;
  const json = { error: `no handler found for uri [${target}] and method [${method}]` };
  return { status: '400 Bad Request', json };
}

function bytesOf(reply: Reply): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  return answer(JSON.stringify(reply.json), 'content-type: application/json\r\n', reply.status);
}

/** The second line of each pair. */
function searchesIn(body: string): string[] {
  return body.split('\n').filter((_, i, lines) => i % 2 === 1 && i < lines.length);
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
