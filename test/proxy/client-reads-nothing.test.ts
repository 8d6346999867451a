import { eventually, exchange, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

/** Far more than the buffers between two sockets of this machine hold. */
const BIG = Buffer.alloc(30_000_000, 'x');
let stub: StubUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  stub = await new StubUpstream(({ head }) => answer(head.includes('/big') ? BIG : '{}')).listen();
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 2 }, limits: { silenceMs: 400 } });
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

it('cuts off clients that take nothing of their answers, so that the connections to Elasticsearch serve others', async () => {
  const deaf = [1, 2].map(() => {
    const client = new RawClient(proxy.port);
    client.socket.pause();
    return client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  });
  await stub.received(2);
  expect((await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/ 200 /);
  await eventually(() => proxy.server.inFlight === 0);
  for (const client of deaf) client.close();
});

it('keeps a connection open after an answer that had to wait, for as long as the client likes', async () => {
  const client = new RawClient(proxy.port);
  client.socket.pause();
  client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  await stub.received(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  let got = 0;
  client.socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
    got += chunk.length;
  });
  client.socket.resume();
  await eventually(() => got > BIG.length, 20_000);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(client.socket.destroyed).toBe(false);
  client.close();
});

it('leaves a client alone that reads slowly, longer than it may be silent', async () => {
  const client = new RawClient(proxy.port);
  let got = 0;
  let cut = false;
  client.socket.removeAllListeners('data').on('close', () => {
    cut = true;
  });
  client.socket.on('data', (chunk: Buffer) => {
    got += chunk.length;
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 5);
  });
  client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => got > BIG.length, 30_000);
  expect(cut).toBe(false);
  client.close();
}, 60_000);
