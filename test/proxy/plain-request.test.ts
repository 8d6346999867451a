import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { type PlainHead, readPlainHead } from '../../src/proxy/plain-request.js';
import { runs, SEED } from '../support/seed.js';

/** What Node's own parser makes of the same bytes, and where the request ended. */
interface NodeRead {
  readonly method: string;
  readonly target: string;
  readonly raw: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const server = createServer({ requireHostHeader: false, maxHeaderSize: 256 * 1024 });
server.maxHeadersCount = 0;

/** Feeds bytes to node:http, and then a second request, which tells where the first one ended. */
async function readByNode(bytes: Buffer, mark: string): Promise<NodeRead[]> {
  const requests: NodeRead[] = [];
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const over = new Promise<void>((resolve) => {
    const onRequest = (request: IncomingMessage, response: import('node:http').ServerResponse): void => {
      if (request.socket !== (socket as unknown)) return;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, rawHeaders, headers } = request;
        const body = Buffer.concat(chunks).toString('latin1');
        requests.push({ method: method!, target: url!, raw: rawHeaders, headers, body });
        response.end();
        if (url === mark) resolve();
      });
    };
    server.on('request', onRequest).on('checkContinue', onRequest);
    socket.on('close', resolve);
    const done = (): void => {
      server.off('request', onRequest).off('checkContinue', onRequest);
    };
    void Promise.resolve().then(() => over.then(done));
  });
  server.emit('connection', socket);
  socket.push(bytes);
  socket.push(Buffer.from(`GET ${mark} HTTP/1.1\r\nHost: mark\r\n\r\n`));
  socket.push(null);
  await over;
  socket.destroy();
  return requests;
}

server.on('clientError', (_error, socket) => socket.destroy());

/** mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const RUNS = runs(40_000);
const random = randomFrom(SEED);
const one = <T>(list: readonly T[]): T => list[random(list.length)]!;

const NAMES = [
  ...['Host', 'host', 'Accept', 'Content-Type', 'Content-Length', 'content-length', 'Transfer-Encoding', 'Connection'],
  ...['Expect', 'Upgrade', 'TE', 'Trailer', 'Keep-Alive', 'Proxy-Connection', 'X-Opaque-Id', 'Authorization', 'X-A'],
  ...['Content-Encoding', 'X-Territory-Version', 'traceparent', 'Content_Length', 'Content-Lengt\x48', 'Cookie', 'Via'],
];
const VALUES = [
  ...['x', '5', '0', '05', '+5', '5, 5', '0x5', '-1', '1e1', '99999999999999999', 'chunked', 'Chunked', 'identity'],
  ...['keep-alive', 'Keep-Alive', 'close', 'upgrade', 'keep-alive, X-A', '100-continue', 'h2c', 'application/json', ''],
  ...['a b', 'a  b', ' a', 'a ', '\ta', 'a\tb', 'caf\xe9', 'a\x00b', 'a\x7fb', 'a"b', '5 ', ' 5', '5\t', 'a:b', ':'],
];
const TARGETS = ['/', '/a/_search', '/_bulk?x=%2F', '/%3Clogs-%7Bnow%2Fd%7D%3E/_search', '/a b', '/#f', '/a#', '/\xe9'];
const MORE_TARGETS = [
  '*',
  'http://x/',
  'x:443',
  '//a',
  '/a?b?c',
  '/"<>\\^`{|}',
  '/..//..',
  '/\t',
  '/\x7f',
  '',
  '/a\x00',
];
const MUTANTS = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  '\0',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  '0',
  ',',
  ';',
  '\r\n ',
  'HTTP',
];

/** A request that is plain, or nearly. */
function request(): string {
  const method = one([
    'GET',
    'POST',
    'PUT',
    'DELETE',
    'HEAD',
    'GET',
    'POST',
    'PATCH',
    'get',
    'OPTIONS',
    'CONNECT',
    'GE',
  ]);
  const version = one(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'http/1.1']);
  const body = 'x'.repeat(one([0, 0, 5, 5, 40])) || one(['', '0\r\n\r\n', 'GET /b HTTP/1.1\r\nHost: x\r\n\r\n']);
  const lines = [`Host: ${one(['x', 'localhost:9280', 'a.example'])}`];
  if (body !== '' || random(3) === 0) lines.push(`Content-Length: ${body.length}`);
  if (random(3) === 0) lines.push(`Connection: ${one(['keep-alive', 'Keep-Alive', 'close'])}`);
  for (let i = random(4); i > 0; i--) {
    lines.splice(
      random(lines.length + 1),
      0,
      `${one(NAMES)}${one([': ', ': ', ': ', ':', ' : ', ':  '])}${one(VALUES)}`,
    );
  }
  for (let i = random(5); i > 0; i--) lines.push(`X-${i}: ${'v'.repeat(1 + random(30))}`);
  const end = one(['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n']);
  const target = one(random(4) === 0 ? MORE_TARGETS : TARGETS);
  return `${method} ${target} ${version}${end}${lines.join(end)}${end}${end}${body}`;
}

function mutated(text: string): string {
  let bytes = text;
  for (let i = random(3); i > 0; i--) {
    const at = random(bytes.length + 1);
    const kind = random(4);
    if (kind === 0) bytes = bytes.slice(0, at) + one(MUTANTS) + bytes.slice(at);
    else if (kind === 1) bytes = bytes.slice(0, at) + bytes.slice(at + 1 + random(3));
    else if (kind === 2) bytes = bytes.slice(0, at) + String.fromCharCode(random(256)) + bytes.slice(at + 1);
    else bytes = bytes.slice(0, at) + bytes.slice(random(bytes.length + 1));
  }
  return bytes;
}

/** Compares what the fast path would take of the bytes with what node:http reads. */
async function agrees(bytes: Buffer, head: PlainHead): Promise<void> {
  const end = head.end + (head.length ?? 0);
  // The fast path takes a request only alone; with what follows it goes to node:http.
  const own = bytes.subarray(0, end);
  const body = own
    .subarray(head.end)
    .toString('latin1')
    .padEnd(head.length ?? 0, 'z');
  const whole = Buffer.from(own.toString('latin1', 0, head.end) + body, 'latin1');
  const [first, second, ...rest] = await readByNode(whole, '/the-mark');
  expect(first).toMatchObject({ method: head.method, target: head.target, body });
  // Where the one ends the next begins, for both.
  expect(second?.target).toBe('/the-mark');
  expect(rest).toEqual([]);
  for (const name of ['host', 'accept', 'content-type', 'content-encoding', 'x-opaque-id', 'authorization'] as const) {
    expect([name, head.values[name]]).toEqual([name, first!.headers[name]]);
  }
  const lines: string[] = [];
  for (let i = 0; i < first!.raw.length; i += 2) {
    const [name, value] = [first!.raw[i]!, first!.raw[i + 1]!];
    if (/^content-length$/i.test(name)) expect(Number(value)).toBe(head.length);
    else if (!/^connection$/i.test(name)) lines.push(`${name}: ${value}\r\n`);
  }
  expect(head.lines).toBe(lines.join(''));
}

it('reads no request otherwise than node:http does', async () => {
  let taken = 0;
  for (let run = 0; run < RUNS; run++) {
    const bytes = Buffer.from(mutated(request()), 'latin1');
    const head = readPlainHead(bytes);
    if (head === undefined) continue;
    taken += 1;
    try {
      await agrees(bytes, head);
    } catch (error) {
      throw new Error(`${JSON.stringify(bytes.toString('latin1'))}: ${(error as Error).message}`, { cause: error });
    }
  }
  expect(taken).toBeGreaterThan(RUNS / 100);
}, 3_600_000);

it('takes no head that has not come whole, and the same one however much follows', () => {
  const head = 'POST /a/_search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n';
  for (let length = 0; length < head.length; length++) {
    expect(readPlainHead(Buffer.from(head.slice(0, length)))).toBeUndefined();
  }
  for (const rest of ['', 'h', 'hello', 'helloGET / HTTP/1.1\r\n\r\n']) {
    expect(readPlainHead(Buffer.from(head + rest))).toEqual({
      method: 'POST',
      target: '/a/_search',
      end: head.length,
      length: 5,
      values: { host: 'x', 'content-type': 'application/json' },
      lines: 'Host: x\r\nContent-Type: application/json\r\n',
    });
  }
});

it.each([
  ['another version', 'GET / HTTP/1.0\r\nHost: x\r\n\r\n'],
  ['another method', 'PATCH / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a whole URL', 'GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a fragment', 'GET /#a HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no Host', 'GET / HTTP/1.1\r\nX-A: x\r\n\r\n'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n'],
  ['chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx'],
  ['a length with a leading zero', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 01\r\n\r\nx'],
  ['Expect', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx'],
  ['Upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n'],
  ['a connection that closes', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['a header for the connection', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-A\r\nX-A: 1\r\n\r\n'],
  ['trailers', 'GET / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n'],
  ['a bare LF', 'GET / HTTP/1.1\nHost: x\r\n\r\n'],
  ['a folded line', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n b\r\n\r\n'],
  ['no white space after a colon', 'GET / HTTP/1.1\r\nHost:x\r\n\r\n'],
  ['a byte above ASCII', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: \xe9\r\n\r\n'],
  ['a head that is long', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['an empty line before it', '\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n'],
])('leaves a request with %s to node:http', (_name, text) => {
  expect(readPlainHead(Buffer.from(text, 'latin1'))).toBeUndefined();
});
