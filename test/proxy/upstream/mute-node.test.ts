import { createServer, type Socket } from 'node:net';
import { eventually, exchange, startProxy, type TestProxy, until } from '../support/proxy.js';
import { StubUpstream } from '../support/upstream.js';

const PUT = 'PUT /a/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
const held: Socket[] = [];
let good: StubUpstream;
let proxy: TestProxy | undefined;

/** A node to which no connection can be made: it takes the socket, and never shakes hands. */
const mute = createServer((socket) => held.push(socket.on('error', () => socket.destroy())));

beforeEach(async () => {
  held.length = 0;
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  good = await new StubUpstream().listen();
});
afterEach(async () => {
  await proxy!.close();
  await good.close();
  for (const socket of held) socket.destroy();
  await new Promise((resolve) => mute.close(resolve));
});

/** A proxy before the mute node and the good one. */
async function before(connections: number): Promise<TestProxy> {
  const { port } = mute.address() as { port: number };
  const nodes = [new URL(`https://127.0.0.1:${port}`), good.url];
  proxy = await startProxy({ nodes, upstream: { connections, connectTimeoutMs: 60_000 } });
  return proxy;
}

const puts = (port: number, count: number) => Promise.all(Array.from({ length: count }, () => exchange(port, PUT)));

/** No connection is made, of all that were begun. */
function fail(): void {
  for (const socket of held) socket.destroy();
}

it('sends all who wait for a node to another one when no connection can be made to it, not one after the other', async () => {
  const { port, server } = await before(1);
  const answers = puts(port, 12);
  await eventually(() => good.requests.length === 6 && held.length === 1 && server.inFlight === 6);
  fail();
  expect((await answers).every(({ head }) => / 200 /.test(head))).toBe(true);
  expect(good.requests).toHaveLength(12);
  expect(held.length).toBe(1);
});

it('takes many failures at once for one: the node is tried again soon, in place of after half a minute', async () => {
  const { port } = await before(16);
  const answers = puts(port, 32);
  await eventually(() => held.length === 16);
  fail();
  await answers;
  expect(held.length).toBe(16);
  // Who tries it has no answer before that has failed, too.
  const asked = [puts(port, 2)];
  await until(
    () => held.length > 16,
    async () => asked.push(puts(port, 2)),
    20_000,
  );
  fail();
  await Promise.all(asked);
});
