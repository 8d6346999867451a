import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub({ upstream: { timeoutMs: 2000, connections: 1 } });
const GET = 'POST /a/_doc HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
const OTHERS = answer('{"of":"another"}').toString('latin1');

/** Bytes that one answer may be followed by, or end in, so that the next request on that connection would get them. */
const CASES: readonly [name: string, bytes: string][] = [
  ['a second answer behind the first', `${answer('{}').toString('latin1')}${OTHERS}`],
  ['an answer longer than its length', `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}${OTHERS}`],
  ['an answer behind one that has no body', `HTTP/1.1 204 No Content\r\n\r\n${OTHERS}`],
  ['an answer behind 304', `HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n${OTHERS}`],
  [
    'an answer behind the last chunk',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${OTHERS}`,
  ],
  [
    'a length beside chunks',
    `HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${OTHERS}`,
  ],
  ['two lengths', `HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: ${2 + OTHERS.length}\r\n\r\n{}${OTHERS}`],
  ['a length that is no number', `HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n{}${OTHERS}`],
  [
    'an unknown transfer encoding',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${OTHERS}`,
  ],
  ['a folded header', `HTTP/1.1 200 OK\r\nx-a: 1\r\n content-length: 0\r\ncontent-length: 2\r\n\r\n{}${OTHERS}`],
  ['a chunk size that is none', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${OTHERS}`],
];

it.each(CASES)('gives no client what stands in the answer to another: %s', async (_name, bytes) => {
  pair.stub.respond = (request) => (request.head.startsWith('GET /after ') ? answer('{"of":"its own"}') : bytes);
  const first = new RawClient(pair.proxy.port).send(GET);
  await Promise.race([first.until(/\r\n\r\n/), first.closed]);
  for (let i = 0; i < 3; i++) {
    const { body } = await exchange(pair.proxy.port, 'GET /after HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(body).toBe('{"of":"its own"}');
  }
  expect(first.text.match(/"of":"another"/g)?.length ?? 0).toBeLessThanOrEqual(1);
  first.close();
});

it.each(CASES)(
  'gives no client that waits for the connection what stands behind the answer before: %s',
  async (_name, bytes) => {
    // The one connection is taken: the second client gets it, or another, in the very turn in which the answer ends.
    let answerFirst: () => void = () => undefined;
    pair.stub.respond = (request, socket) => {
      if (request.head.startsWith('GET /after ')) return answer('{"of":"its own"}');
      answerFirst = () => socket.write(bytes, 'latin1');
      return undefined;
    };
    const first = new RawClient(pair.proxy.port).send(GET);
    await pair.stub.received(1);
    const second = new RawClient(pair.proxy.port).send('GET /after HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => pair.proxy.server.inFlight === 2);
    answerFirst();
    expect((await second.answer()).body).toBe('{"of":"its own"}');
    for (const client of [first, second]) client.close();
  },
);

it('takes no change of protocol for an answer, nor what follows it', async () => {
  pair.stub.respond = () => `HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n${OTHERS}`;
  const { head, body } = await exchange(pair.proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1\.1 502 /);
  expect(body).toContain('another protocol');
  expect(body).not.toContain('"of"');
  await eventually(() => pair.stub.sockets.size === 0);
});

it('gives no client what came on an idle connection', async () => {
  await exchange(pair.proxy.port, GET);
  for (const socket of pair.stub.sockets) socket.write(OTHERS);
  await new Promise((resolve) => setTimeout(resolve, 50));
  pair.stub.respond = () => answer('{"of":"its own"}');
  expect((await exchange(pair.proxy.port, 'GET /after HTTP/1.1\r\nHost: x\r\n\r\n')).body).toBe('{"of":"its own"}');
});

it('passes over interim answers, however many', async () => {
  pair.stub.respond = () =>
    `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000)}${answer('{"last":true}').toString('latin1')}`;
  const { head, body } = await exchange(pair.proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(body).toBe('{"last":true}');
});

it('answers 502 to a head without an end', async () => {
  pair.stub.respond = (_request, socket) => {
    const piece = `x-filler: ${'a'.repeat(10_000)}\r\n`;
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = (): void => {
      while (!socket.destroyed) {
        if (!socket.write(piece)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    more();
    return undefined;
  };
  const { head } = await exchange(pair.proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1\.1 502 /);
  await eventually(() => pair.stub.sockets.size === 0);
});
