import { eventually, proxyWithStub, RawClient } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub({ limits: { inFlight: 2000 }, upstream: { connections: 64 } });

it('serves a thousand connections at once, each its own answer', async () => {
  pair.stub.respond = ({ head }) => answer(JSON.stringify({ path: head.split(' ')[1] }));
  const clients = Array.from({ length: 1000 }, () => new RawClient(pair.proxy.port));
  const answers = await Promise.all(
    clients.map((client, i) => client.send(`GET /${i} HTTP/1.1\r\nHost: x\r\n\r\n`).answer()),
  );
  expect(answers.map(({ body }) => body)).toEqual(clients.map((_, i) => `{"path":"/${i}"}`));
  expect(pair.stub.connections).toBeLessThanOrEqual(64);
  // And once more on the same connections.
  for (const client of clients) client.bytes = Buffer.alloc(0);
  const again = await Promise.all(
    clients.map((client, i) => client.send(`GET /again-${i} HTTP/1.1\r\nHost: x\r\n\r\n`).answer()),
  );
  expect(again.map(({ body }) => body)).toEqual(clients.map((_, i) => `{"path":"/again-${i}"}`));
  for (const client of clients) client.close();
  await eventually(() => pair.proxy.server.inFlight === 0);
});

it('lets go of a thousand connections that never say anything', async () => {
  const clients = Array.from({ length: 1000 }, () => new RawClient(pair.proxy.port));
  await Promise.all(clients.map((client) => new Promise((resolve) => client.socket.once('connect', resolve))));
  const live = new RawClient(pair.proxy.port).send('GET /live HTTP/1.1\r\nHost: x\r\n\r\n');
  await live.answer();
  for (const client of [...clients, live]) client.close();
  await Promise.all(clients.map(({ closed }) => closed));
});

it('keeps its memory while a hundred clients ask for large answers and read nothing', async () => {
  const big = 64 * 1024 * 1024;
  let sent = 0;
  pair.stub.respond = (_request, socket) => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let left = big;
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${big}\r\n\r\n`);
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        sent += piece.length;
        if (!socket.write(piece)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    more();
    return undefined;
  };
  const before = process.memoryUsage();
  const clients = Array.from({ length: 100 }, () => {
    const client = new RawClient(pair.proxy.port);
    client.socket.pause();
    return client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  });
  await eventually(() => pair.stub.requests.length === 64);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const after = process.memoryUsage();
  // The stub and the clients live in this process too. 64 answers of 64 MB are 4 GB, of which the kernel holds a part.
  expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(150 * 1024 * 1024);
  expect(sent).toBeLessThan((64 * big) / 2);
  for (const client of clients) client.close();
  await eventually(() => pair.proxy.server.inFlight === 0);
});
