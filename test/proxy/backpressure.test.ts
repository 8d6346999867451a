import { createServer, type Socket } from 'node:net';
import { eventually, RawClient, startProxy, type TestProxy } from './support/proxy.js';

/** Far more than all buffers between two sockets of this machine hold. */
const BIG = 100 * 1024 * 1024;

async function sinkOrSource(
  serve: (socket: Socket) => void,
): Promise<{ proxy: TestProxy; close: () => Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy({
    nodes: [new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}`)],
  });
  return {
    proxy,
    close: async () => {
      await proxy.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it('streams a bulk of 100 MB within constant memory, byte for byte', async () => {
  let got = 0;
  let sum = 0;
  const { proxy, close } = await sinkOrSource((socket) => {
    let inHead = true;
    socket.on('data', (chunk) => {
      let from = 0;
      if (inHead) {
        from = chunk.indexOf('\r\n\r\n') + 4;
        inHead = false;
      }
      got += chunk.length - from;
      for (let i = from; i < chunk.length; i += 4096) sum += 1;
      if (got === BIG) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  const before = process.memoryUsage().arrayBuffers;
  const client = new RawClient(proxy.port);
  client.send(`POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: ${BIG}\r\n\r\n`);
  const piece = Buffer.alloc(256 * 1024, '{"index":{}}\n{"a":1}\n');
  let peak = 0;
  for (let sent = 0; sent < BIG; sent += piece.length) {
    if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once('drain', resolve));
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }
  await client.until(/200 OK/);
  expect(got).toBe(BIG);
  expect(sum).toBeGreaterThan(0);
  expect(peak).toBeLessThan(BIG / 2);
  await eventually(() => proxy.records.length === 1);
  expect(proxy.records[0]?.bytesIn).toBe(BIG);
  client.close();
  await close();
});

it('reads an answer no faster than the client does', async () => {
  let sent = 0;
  const { proxy, close } = await sinkOrSource((socket) => {
    socket.once('data', () => {
      const piece = Buffer.alloc(256 * 1024, 'x');
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${BIG}\r\n\r\n`);
      const more = (): void => {
        while (sent < BIG) {
          sent += piece.length;
          if (!socket.write(piece)) {
            socket.once('drain', more);
            return;
          }
        }
      };
      more();
    });
  });
  const client = new RawClient(proxy.port);
  client.socket.pause();
  client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => sent > 0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent).toBeLessThan(BIG / 2);
  let got = 0;
  client.socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
    got += chunk.length;
  });
  client.socket.resume();
  await eventually(() => got > BIG);
  client.close();
  await close();
});

it('reads an upload no faster than Elasticsearch does', async () => {
  const held: Socket[] = [];
  const { proxy, close } = await sinkOrSource((socket) => held.push(socket.pause()));
  const client = new RawClient(proxy.port);
  client.send(`POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: ${BIG}\r\n\r\n`);
  const piece = Buffer.alloc(256 * 1024, 'x');
  let sent = 0;
  let stuck = false;
  while (sent < BIG && !stuck) {
    sent += piece.length;
    if (!client.socket.write(piece)) {
      stuck = await Promise.race([
        new Promise<boolean>((resolve) => client.socket.once('drain', () => resolve(false))),
        new Promise<boolean>((resolve) => setTimeout(resolve, 500, true)),
      ]);
    }
  }
  expect(sent).toBeLessThan(BIG / 2);
  client.close();
  for (const socket of held) socket.destroy();
  await close();
});
