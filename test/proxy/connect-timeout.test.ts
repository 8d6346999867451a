import { createServer, type Socket } from 'node:net';
import { exchange, startProxy } from './support/proxy.js';

it('answers 504 where no connection is made in time: a TLS node that never shakes hands', async () => {
  const held: Socket[] = [];
  const mute = createServer((socket) => held.push(socket.on('error', () => socket.destroy())));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as { port: number };
  const proxy = await startProxy({
    nodes: [new URL(`https://127.0.0.1:${port}`)],
    upstream: { connectTimeoutMs: 100 },
  });
  const { head, body } = await exchange(proxy.port, 'PUT /a/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  expect(head).toMatch(/^HTTP\/1\.1 504 /);
  expect(body).toContain('no connection within 100 ms');
  await proxy.close();
  for (const socket of held) socket.destroy();
  mute.close();
});
