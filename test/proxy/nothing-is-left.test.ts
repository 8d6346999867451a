import { gzipSync } from 'node:zlib';
import { eventually, exchange, RawClient, startProxy, type TestProxy, until } from './support/proxy.js';
import { answer, type Responder, StubUpstream } from './support/upstream.js';

const BODY_BYTES = 2_000_000;
/** As much as all may keep: who gets this through finds nothing kept by others. */
const ALL = 'x'.repeat(1_000_000);

let stub: StubUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  stub = await new StubUpstream().listen();
  proxy = await startProxy({
    nodes: [stub.url],
    upstream: { connections: 2, timeoutMs: 400 },
    limits: { bodyBytes: BODY_BYTES, bufferedBytes: ALL.length, silenceMs: 400, headMs: 400 },
  });
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

const post = (path: string, body: string | Buffer, more = '', length = body.length): Buffer =>
  Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${length}\r\n\r\n`),
    Buffer.from(body as string),
  ]);
const chunked = (path: string, rest: string): Buffer =>
  Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`);
const GZIP = 'Content-Encoding: gzip\r\n';

/** What clients send: whole, cut, refused, rewritten, rendered, completed here, streamed. */
const REQUESTS: readonly [name: string, bytes: Buffer][] = [
  ['a plain read', Buffer.from('GET /a HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['HEAD', Buffer.from('HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['a search', post('/_search', '{}')],
  ['a rewritten search', post('/_search', 'TERRITORY')],
  ['a search that is refused', post('/_search', 'NOWHERE')],
  ['a bug in the rewriter', post('/_search', 'BUG')],
  ['a search in chunks', chunked('/_search', '2\r\n{}\r\n0\r\n\r\n')],
  ['a zipped search', post('/_search', gzipSync('TERRITORY'), GZIP)],
  ['what is not gzip', post('/_search', 'no gzip', GZIP)],
  ['a bomb', post('/_search', gzipSync(Buffer.alloc(5_000_000)), GZIP)],
  ['a template', post('/_search', 'TEMPLATE')],
  ['an _msearch that is completed here', post('/_msearch', 'TERRITORY REFUSED')],
  ['a search cut short', post('/_search', 'x'.repeat(1000), '', 2000)],
  ['a search in chunks cut short', chunked('/_search', '2\r\n{}\r\n')],
  ['a search with a chunk that is none', chunked('/_search', '2\r\n{}\r\nzz\r\n')],
  ['an upload', post('/_bulk', ALL)],
  ['an upload in chunks', chunked('/_bulk', `f4240\r\n${ALL}\r\n0\r\n\r\n`)],
  ['an upload cut short', post('/_bulk', ALL, '', ALL.length + 1)],
  ['an upload in chunks that is too long', chunked('/_bulk', `f4240\r\n${ALL}\r\n`.repeat(3))],
  ['an upload that waits for leave', post('/_bulk', '{}', 'Expect: 100-continue\r\n')],
  ['several at once', Buffer.concat([post('/_search', '{}'), post('/_search', 'TERRITORY'), post('/_bulk', ALL)])],
];

/** What Elasticsearch does with them. */
const BIG = answer(Buffer.alloc(3_000_000, ' '));
const NODES: readonly [name: string, respond: Responder][] = [
  ['answers', () => answer('{"responses":[{"status":200}]}')],
  ['answers much', () => BIG],
  ['answers 204', () => 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['answers after others', () => Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'), answer('{}')])],
  ['answers nothing', () => undefined],
  ['resets', (_request, socket) => void socket.resetAndDestroy()],
  ['breaks off in a head', (_request, socket) => void socket.end('HTTP/1.1 200')],
  ['breaks off in a body', (_request, socket) => void socket.end(BIG.subarray(0, 100_000))],
  ['answers without a length', (_request, socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n{}')],
  ['answers what is no HTTP', () => 'SSH-2.0\r\n\r\n'],
];

/** What clients do then. */
const CLIENTS: readonly [name: string, act: (client: RawClient) => Promise<void> | void][] = [
  // For as long as anything here has a time. An upload that does not end has none.
  ['waits', () => eventually(() => proxy.records.length > 0, 600).catch(() => undefined)],
  ['goes away at once', () => undefined],
  [
    'goes away later',
    () => eventually(() => stub.requests.length > 0 || proxy.records.length > 0, 300).catch(() => undefined),
  ],
  ['reads nothing', (client) => void client.socket.pause()],
];

for (const [node, respond] of NODES) {
  it(`keeps no byte, no request and no connection of any request to an Elasticsearch that ${node}`, async () => {
    for (const [name, bytes] of REQUESTS) {
      for (const [does, act] of CLIENTS) {
        const where = `${name}, ${node}, client ${does}`;
        proxy.records.length = 0;
        stub.requests.length = 0;
        stub.respond = respond;
        const client = new RawClient(proxy.port).send(bytes);
        await act(client);
        if (does === 'goes away at once') await new Promise<void>((resolve) => setImmediate(resolve));
        client.close();
        await eventually(() => proxy.server.inFlight === 0 && proxy.server.heldBytes === 0).catch(() => undefined);
        expect([where, proxy.server.inFlight, proxy.server.heldBytes]).toEqual([where, 0, 0]);
      }
    }
    // Both connections are free: there is a request on each at the same time.
    const served = new Set<number>();
    stub.respond = ({ head, connection }) => {
      // What those that are gone had sent may be read only now.
      if (head.includes('/probe/')) served.add(connection);
      return undefined;
    };
    const probes = [1, 2].map(() => exchange(proxy.port, post('/probe/_bulk', '{}')));
    await eventually(() => served.size === 2);
    for (const socket of stub.sockets) socket.write(answer('{}'));
    for (const { head } of await Promise.all(probes)) expect(head).toMatch(/^HTTP\/1\.1 200 /);
    // There is room for the largest, at the latest when the machine does not take longer than a request may.
    stub.respond = () => answer('{"all":"well"}');
    let body = '';
    await until(
      () => body === '{"all":"well"}',
      async () => {
        body = (await exchange(proxy.port, post('/_search', ALL))).body;
      },
    );
  });
}
