import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub({ limits: { silenceMs: 300 } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const [name, head] of [
  ['of a known length', 'Content-Length: 100\r\n\r\n{'],
  ['of which nothing comes', 'Content-Length: 100\r\n\r\n'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
  ['that was asked for', 'Expect: 100-continue\r\nContent-Length: 100\r\n\r\n'],
]) {
  it(`answers 429, as one of the types that clients know, to a client that falls silent in a body ${name} that must be read, and closes`, async () => {
    const client = new RawClient(pair.proxy.port).send(`POST /_search HTTP/1.1\r\nHost: x\r\n${head}`);
    const text = await client.until(/HTTP\/1\.1 429 Too Many Requests\r\n[\s\S]*\r\n\r\n\{.*\}$/);
    expect(text).toMatch(/\r\nX-elastic-product: Elasticsearch\r\n/);
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(text).toContain('"type":"territory_busy_exception"');
    expect(text).toMatch(/\r\nRetry-After: 1\r\n/);
    expect(text).toContain('limits.silenceMs');
    await eventually(() => pair.proxy.server.inFlight === 0);
    expect(pair.proxy.records).toMatchObject([{ outcome: 'refused', status: 429 }]);
    expect(pair.stub.requests).toHaveLength(0);
    client.close();
  });
}

describe('a client that is slow, but never silent for long,', () => {
  /** So long that no pause of the machine is taken for the silence of a client. */
  const SILENCE_MS = 1000;
  const patient = proxyWithStub({ limits: { silenceMs: SILENCE_MS } });

  it('lets a body come slowly, as long as it comes', async () => {
    const client = new RawClient(patient.proxy.port).send(
      'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n',
    );
    for (const byte of '{"a":1} ') {
      await pause(SILENCE_MS / 6);
      client.send(byte);
    }
    await client.until(/200 OK/);
    // The time is that of a body alone: the connection stays after it, and the next request may take as long as it likes.
    await pause(1.2 * SILENCE_MS);
    expect(client.socket.destroyed).toBe(false);
    client.close();
  });

  it('sets no time to a body that streams through', async () => {
    const client = new RawClient(patient.proxy.port).send(
      'POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{',
    );
    await pause(1.2 * SILENCE_MS);
    client.send('}\n');
    await client.until(/200 OK/);
    client.close();
  });

  it('sets no time to Elasticsearch after a body that was read', async () => {
    patient.stub.respond = (_request, socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'), 1.2 * SILENCE_MS);
      return undefined;
    };
    const client = new RawClient(patient.proxy.port).send(
      'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{',
    );
    await pause(50);
    client.send('}');
    expect((await client.answer()).head).toMatch(/200 OK/);
    client.close();
    expect((await exchange(patient.proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/200 OK/);
  });
});
