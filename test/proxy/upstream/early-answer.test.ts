import { createServer, type Socket } from 'node:net';
import { exchange, RawClient, startProxy, type TestProxy } from '../support/proxy.js';
import { answer } from '../support/upstream.js';

/** Far more than the buffers between two sockets of this machine hold. */
const LONG = 30_000_000;

const sockets = new Set<Socket>();
let connections = 0;
let proxy: TestProxy;

/** Answers the first bytes of a connection, and reads no more of it than those. */
const hasty = createServer((socket) => {
  connections += 1;
  sockets.add(socket.on('error', () => socket.destroy()));
  socket.once('data', () => {
    socket.pause();
    socket.write(answer('{"who":"are you"}', '', '401 Unauthorized'));
  });
});

beforeEach(async () => {
  connections = 0;
  await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${(hasty.address() as { port: number }).port}`)] });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => hasty.close(resolve));
});

for (const path of ['/_search', '/_bulk']) {
  it(`does not use a connection again that answered ${path} while the rest of its body was still to be written`, async () => {
    const client = new RawClient(proxy.port);
    client.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${LONG}\r\n\r\n`).send(Buffer.alloc(LONG, ' '));
    expect((await client.answer()).head).toMatch(/^HTTP\/1\.1 401 /);
    const next = await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(next.head).toMatch(/^HTTP\/1\.1 401 /);
    expect(connections).toBe(2);
    client.close();
  });
}
