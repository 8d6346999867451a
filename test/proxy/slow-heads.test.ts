import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub({ limits: { headMs: 400 } });
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
  await pause(1000);
  client.bytes = Buffer.alloc(0);
  client.send('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await client.answer()).head).toMatch(/200 OK/);
  client.close();
});

it('lets a body and an answer take their time', async () => {
  pair.stub.respond = (_request, socket) => {
    setTimeout(() => socket.write(answer('{"late":true}')), 800);
    return undefined;
  };
  for (const path of ['/_bulk', '/_search']) {
    const client = new RawClient(pair.proxy.port).send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n`,
    );
    await trickle(client, `{"a":"${'b'.repeat(32)}"}`);
    await client.until(/\{"late":true\}/);
    client.close();
  }
  await eventually(() => pair.proxy.server.inFlight === 0);
});
