import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';
import { answer } from './support/upstream.js';

/** So long that no pause of the machine is taken for a client that is slow. */
const HEAD_MS = 1000;
const pair = proxyWithStub({ limits: { headMs: HEAD_MS } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a byte now and then, as long as it can. */
async function trickle(client: RawClient, text: string): Promise<void> {
  for (const character of text) {
    if (client.socket.destroyed) return;
    client.send(character);
    await pause(20);
  }
}

it('answers 408 to a head that comes byte by byte, on a new connection or a used one, and serves others meanwhile', async () => {
  const clients = Array.from({ length: 50 }, () => new RawClient(pair.proxy.port));
  for (const client of clients.slice(25)) {
    client.send('GET /first HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.answer();
  }
  const endless = `GET /slow HTTP/1.1\r\nX: ${'a'.repeat(500)}`;
  const trickles = clients.map((client) => trickle(client, endless));
  for (let i = 0; i < 5; i++) {
    expect((await exchange(pair.proxy.port, 'GET /other HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/200 OK/);
    await pause(50);
  }
  await Promise.all(clients.map(({ closed }) => closed));
  await Promise.all(trickles);
  for (const client of clients)
    expect(client.text).toMatch(/HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*Connection: close/);
  expect(pair.stub.requests.some(({ head }) => head.includes('/slow'))).toBe(false);
});

it('closes a connection that never says anything', async () => {
  const client = new RawClient(pair.proxy.port);
  await client.closed;
  expect(client.text).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
});

it('leaves a connection that was used open for as long as the client likes', async () => {
  const client = new RawClient(pair.proxy.port).send('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.answer();
  await pause(1.5 * HEAD_MS);
  client.bytes = Buffer.alloc(0);
  client.send('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await client.answer()).head).toMatch(/200 OK/);
  client.close();
});

it('lets a body and an answer take their time', async () => {
  pair.stub.respond = (_request, socket) => {
    setTimeout(() => socket.write(answer('{"late":true}')), 1.5 * HEAD_MS);
    return undefined;
  };
  await Promise.all(
    ['/_bulk', '/_search'].map(async (path) => {
      const client = new RawClient(pair.proxy.port).send(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n`,
      );
      await trickle(client, `{"a":"${'b'.repeat(52)}"}`);
      await client.until(/\{"late":true\}/);
      client.close();
    }),
  );
  await eventually(() => pair.proxy.server.inFlight === 0);
});
