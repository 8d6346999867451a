import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';

/** What streams through, and what becomes of it, is told of as what is read is. */
const pair = proxyWithStub({ limits: { bodyBytes: 5000, silenceMs: 300 }, upstream: { connections: 1 } });

const post = (length: number | undefined): string =>
  `POST /_bulk HTTP/1.1\r\nHost: x\r\n${length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`}\r\n\r\n`;
const chunk = (length: number): string => `${length.toString(16)}\r\n${'x'.repeat(length)}\r\n`;

for (const [name, head, framed] of [
  ['of a known length', post(4000), (length: number) => 'x'.repeat(length)],
  ['in chunks', post(undefined), chunk],
] as const) {
  describe(`the record of a body ${name} that streams through`, () => {
    const begun = async (length: number): Promise<RawClient> => {
      const client = new RawClient(pair.proxy.port).send(`${head}${framed(length)}`);
      await eventually(() => pair.stub.connections === 1);
      return client;
    };
    const recorded = async () => {
      await eventually(() => pair.proxy.records.length > 0);
      return pair.proxy.records;
    };

    it('has the bytes of all its pieces', async () => {
      const client = await begun(1000);
      client.send(framed(3000)).send(head === post(4000) ? '' : '0\r\n\r\n');
      await client.until(/200 OK/);
      await expect(recorded()).resolves.toMatchObject([{ outcome: 'passed', status: 200, bytesIn: 4000 }]);
      client.close();
    });

    it('has those that came, and who is to blame, where its client went away', async () => {
      const client = await begun(1000);
      client.close();
      await expect(recorded()).resolves.toMatchObject([
        { outcome: 'failed', status: 499, bytesIn: 1000, error: { type: 'client_closed_request' } },
      ]);
      expect(pair.proxy.server.inFlight).toBe(0);
    });

    it('has those that came where it had to give way', async () => {
      const client = await begun(1000);
      expect((await exchange(pair.proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/ 200 /);
      await client.until(/ 429 /);
      expect(pair.proxy.records.find(({ path }) => path === '/_bulk')).toMatchObject({
        ...{ outcome: 'refused', status: 429, bytesIn: 1000, error: { type: 'territory_busy_exception' } },
      });
      client.close();
    });
  });
}

it('the record of a body in chunks that is longer than may be has what came of it, and what its client was told', async () => {
  const client = new RawClient(pair.proxy.port).send(`${post(undefined)}${chunk(4000)}`);
  await eventually(() => pair.stub.connections === 1);
  client.send(chunk(1001));
  await client.until(/ 413 /);
  expect(pair.proxy.records).toMatchObject([
    { outcome: 'refused', status: 413, bytesIn: 5001, error: { type: 'territory_too_large_exception' } },
  ]);
  client.close();
});
