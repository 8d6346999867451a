import { connect } from 'node:net';
import { eventually, exchange, RawClient, startProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

const GET = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n';
let stub: StubUpstream;

beforeEach(async () => {
  stub = await new StubUpstream().listen();
});
afterEach(() => stub.close());

it('lets requests in flight finish, says meanwhile that it is not ready, then takes no more', async () => {
  const proxy = await startProxy({ nodes: [stub.url] });
  stub.respond = () => undefined;
  const client = new RawClient(proxy.port).send(GET);
  await stub.received(1);
  expect(proxy.server.ready).toBe(true);
  const closed = proxy.server.close({ graceMs: 600_000 });
  expect(proxy.server.ready).toBe(false);
  const probe = await exchange(proxy.port, 'GET /_territory/readyz HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(probe.head).toMatch(/connection: close/i);
  for (const socket of stub.sockets) socket.write(answer('{"finished":true}'));
  await client.until(/\{"finished":true\}/);
  await closed;
  await expect(
    new Promise((resolve, reject) => connect(proxy.port, '127.0.0.1', () => resolve(1)).on('error', reject)),
  ).rejects.toThrow('ECONNREFUSED');
  await eventually(() => stub.sockets.size === 0);
});

it('does not wait for a connection whose last answer, of its own API, had begun before the end', async () => {
  const proxy = await startProxy({
    nodes: [stub.url],
    internal: (_request, response) => {
      response.write('event');
      setTimeout(() => response.end('last'), 300);
    },
  });
  const client = new RawClient(proxy.port).send('GET /_territory/events HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/event/);
  let ended = false;
  const closed = proxy.server.close({ graceMs: 600_000 }).then(() => {
    ended = true;
  });
  await eventually(() => ended);
  await closed;
  await client.closed;
  expect(client.text).toMatch(/last\r\n0\r\n\r\n$/);
});

it('closes idle connections at once', async () => {
  const proxy = await startProxy({ nodes: [stub.url] });
  const client = new RawClient(proxy.port).send(GET);
  await client.until(/200 OK/);
  let ended = false;
  const closed = proxy.server.close({ graceMs: 600_000 }).then(() => {
    ended = true;
  });
  // Long before the half of its grace for which it would wait for a request.
  await eventually(() => ended);
  await closed;
  await client.closed;
});

it('cuts off what is in flight at the hard limit', async () => {
  const proxy = await startProxy({ nodes: [stub.url] });
  stub.respond = () => undefined;
  const client = new RawClient(proxy.port).send(GET);
  await stub.received(1);
  await proxy.server.close({ graceMs: 300 });
  await client.closed;
  await eventually(() => proxy.server.inFlight === 0);
});

it('cuts off everything when it is told to close a second time', async () => {
  const proxy = await startProxy({ nodes: [stub.url] });
  stub.respond = () => undefined;
  const client = new RawClient(proxy.port).send(GET);
  await stub.received(1);
  const first = proxy.server.close({ graceMs: 600_000 });
  await proxy.server.close({ graceMs: 0 });
  await first;
  await client.closed;
});

it('waits no longer for a balancer to notice when it is told to close a second time', async () => {
  const proxy = await startProxy({ nodes: [stub.url] });
  const ends: string[] = [];
  const first = proxy.server.close({ graceMs: 600_000, noticeMs: 300_000 }).then(() => ends.push('first'));
  await exchange(proxy.port, GET);
  const second = proxy.server.close({ graceMs: 600_000 }).then(() => ends.push('second'));
  await eventually(() => ends.length === 2);
  await Promise.all([first, second]);
});

it('rejects when its address is taken', async () => {
  const { ProxyServer } = await import('../../src/proxy/server.js');
  const { FakeRewriter } = await import('./support/fake-rewriter.js');
  const server = new ProxyServer(
    {
      nodes: [stub.url],
      host: '127.0.0.1',
      port: stub.port,
      upstream: { timeoutMs: 0, connections: 1 },
      limits: { inFlight: 1, bodyBytes: 1, bufferedBytes: 1 },
    },
    {
      rewriters: { current: new FakeRewriter(), kept: () => undefined },
      internal: () => undefined,
      mergeMsearch: (bytes) => bytes,
    },
  );
  await expect(server.listen()).rejects.toThrow('EADDRINUSE');
});
