import { createServer, type Socket } from 'node:net';
import { eventually, exchange, proxyWithStub, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

const BULK = 'POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}\n';
const pair = proxyWithStub();

/** A proxy in front of a server that treats each connection as it is told, and may close one side of it. */
async function inFrontOf(serve: (socket: Socket) => void): Promise<{ proxy: TestProxy; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${port}`)] });
  const stop = async (): Promise<void> => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { proxy, stop };
}

it('answers 502 when the upstream closes its side without a word, and sends the bulk once', async () => {
  let bulks = 0;
  const { proxy, stop } = await inFrontOf((socket) => {
    socket.on('data', () => {
      bulks += 1;
      socket.end();
    });
  });
  expect((await exchange(proxy.port, BULK)).head).toMatch(/^HTTP\/1\.1 502 /);
  expect(bulks).toBe(1);
  await stop();
});

it('cuts the client off when the upstream closes its side in the midst of an answer', async () => {
  const { proxy, stop } = await inFrontOf((socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":'));
  });
  const client = new RawClient(proxy.port).send(BULK);
  await client.closed;
  expect(client.text).toMatch(/\{"half":$/);
  await stop();
});

it('takes an answer that ends with its connection for a whole one', async () => {
  const { proxy, stop } = await inFrontOf((socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n{"whole":true}'));
  });
  const client = new RawClient(proxy.port).send(BULK);
  await client.until(/\{"whole":true\}/);
  client.close();
  await stop();
});

it('sends a bulk once, whenever the upstream closes a connection that was kept', async () => {
  // The race that every pool has: the upstream closes an idle connection while a request is being written to it.
  const counts = new Map<string, number>();
  pair.stub.respond = ({ head, connection }, socket) => {
    const id = /id=(\d+)/.exec(head)?.[1] ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
    if (connection % 2 === 0) {
      setImmediate(() => socket.destroy());
      return answer('{}');
    }
    setTimeout(() => socket.resetAndDestroy(), connection % 5);
    return answer('{}');
  };
  const statuses: number[] = [];
  for (let i = 0; i < 200; i++) {
    const line = `POST /_bulk?id=${i} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}\n`;
    statuses.push(Number((await exchange(pair.proxy.port, line)).head.split(' ')[1]));
  }
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
  expect(statuses.every((status) => status === 200 || status === 502)).toBe(true);
  // What was answered well did arrive.
  expect(counts.size).toBeGreaterThanOrEqual(statuses.filter((status) => status === 200).length);
});

it('still answers a client that closes its side after its request', async () => {
  const stub = await new StubUpstream((_request, socket) => {
    setTimeout(() => socket.write(answer('{"late":true}')), 100);
    return undefined;
  }).listen();
  const proxy = await startProxy({ nodes: [stub.url] });
  const client = new RawClient(proxy.port).send(BULK);
  client.socket.end();
  await Promise.race([client.until(/\{"late":true\}/), client.closed]);
  // Half-closed clients are rare, and may be taken for gone; but then the upstream must hear of it, and nothing stays.
  await eventually(() => proxy.server.inFlight === 0);
  await proxy.close();
  await stub.close();
});
