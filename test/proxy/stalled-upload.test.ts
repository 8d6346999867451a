import { createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually, RawClient, startProxy, type TestProxy, until } from './support/proxy.js';

const held = new Set<Socket>();
let closed = 0;
let proxy: TestProxy;

/** A node that takes connections, and reads nothing. */
const stuck = createServer((socket) => {
  held.add(socket.pause().on('error', () => socket.destroy()));
});

beforeEach(async () => {
  await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${(stuck.address() as { port: number }).port}`)] });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of held) socket.destroy();
  await new Promise((resolve) => stuck.close(resolve));
});

/** Sends until nothing more is taken. */
async function fill(client: RawClient, piece: Buffer | string): Promise<void> {
  for (let moves = true; moves; ) {
    if (client.socket.write(piece as Buffer)) continue;
    moves = await Promise.race([
      new Promise<boolean>((resolve) => client.socket.once('drain', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(resolve, 150, false)),
    ]);
  }
}

for (const [name, framing, piece] of [
  ['of a known length', 'Content-Length: 100000000', Buffer.alloc(16 * 1024, 'x')],
  ['in chunks', 'Transfer-Encoding: chunked', `4000\r\n${'x'.repeat(0x4000)}\r\n`],
] as const) {
  it(`cancels at Elasticsearch, which reads nothing, the upload ${name} of a client that goes away`, async () => {
    const client = new RawClient(proxy.port).send(`POST /_bulk HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`);
    await eventually(() => proxy.server.inFlight === 1);
    await fill(client, piece);
    client.close();
    await eventually(() => proxy.server.inFlight === 0);
    expect(proxy.records).toMatchObject([{ outcome: 'failed' }]);
    for (const socket of held) socket.resume().on('close', () => closed++);
    await eventually(() => closed > 0);
  });
}

it('keeps little of an upload in chunks of one byte, of which each costs far more than a byte', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const client = new RawClient(proxy.port).send(
    'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  // All that the kernels take on the way to Elasticsearch, and hardly more.
  const long = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  await until(
    () => proxy.server.heldBytes > 0,
    async () => client.send(long),
  );
  const chunks = Buffer.from('1\r\nx\r\n'.repeat(100_000));
  const before = kept();
  // Looks at the client come four times a second; each keeps some.
  for (let looks = 0, held = proxy.server.heldBytes; looks < 3; ) {
    while (client.socket.writableLength < chunks.length) client.socket.write(chunks);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (proxy.server.heldBytes <= held) continue;
    held = proxy.server.heldBytes;
    looks++;
  }
  expect(kept() - before).toBeLessThan(30_000_000);
  client.close();
  await eventually(() => proxy.server.inFlight === 0);
  expect(proxy.server.heldBytes).toBe(0);
});
