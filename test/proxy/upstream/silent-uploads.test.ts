import { eventually, exchange, RawClient, startProxy, type TestProxy } from '../support/proxy.js';
import { answer, StubUpstream } from '../support/upstream.js';

let stub: StubUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  stub = await new StubUpstream().listen();
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 2 }, limits: { silenceMs: 300 } });
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

for (const [name, framing] of [
  ['of a known length', 'Content-Length: 100\r\n\r\n{'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
]) {
  it(`gives up an upload ${name} whose client fell silent, where others wait for its connection`, async () => {
    const silent = [1, 2].map(() => new RawClient(proxy.port).send(`POST /_bulk HTTP/1.1\r\nHost: x\r\n${framing}`));
    await eventually(() => stub.connections === 2);
    expect((await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/ 200 /);
    // One connection was wanted: one upload was given up.
    await eventually(() => silent.some(({ text }) => text.includes('territory_busy_exception')));
    expect(silent.filter(({ text }) => / 429 /.test(text))).toHaveLength(1);
    expect(silent.filter(({ text }) => text === '')).toHaveLength(1);
    expect(proxy.records.map(({ status }) => status).sort()).toEqual([200, 429]);
    for (const client of silent) client.close();
    await eventually(() => proxy.server.inFlight === 0);
  });
}

it('gives up no upload that has come whole, however long Elasticsearch takes and whoever waits', async () => {
  stub.respond = ({ head }) => (head.includes('/_bulk') ? undefined : answer('{}'));
  const whole = [1, 2].map(() =>
    new RawClient(proxy.port).send(
      'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ),
  );
  await stub.received(2);
  const waiting = new RawClient(proxy.port).send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(waiting.text).toBe('');
  expect(whole.every(({ text }) => text === '')).toBe(true);
  for (const client of [...whole, waiting]) client.close();
});
