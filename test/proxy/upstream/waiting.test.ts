import { eventually, exchange, RawClient, startProxy, type TestProxy } from '../support/proxy.js';
import { answer, StubUpstream } from '../support/upstream.js';

let stub: StubUpstream;
let proxy: TestProxy;

/** A proxy of one connection, which a bulk without an end has taken. */
beforeEach(async () => {
  stub = await new StubUpstream(({ head }) => (head.includes('/_bulk') ? undefined : answer('{}'))).listen();
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 1, timeoutMs: 200 } });
  new RawClient(proxy.port).send('POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}\n');
  await stub.received(1);
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

it('answers 504 to a request that has waited for a free connection as long as it may wait for Elasticsearch', async () => {
  const { head, body } = await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 504 [\s\S]*X-elastic-product: Elasticsearch/);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_timeout_exception' }, status: 504 });
  expect(body).toContain('upstream.connections');
  expect(stub.requests).toHaveLength(1);
  // The node is not dead: who comes (with no time set) when a connection is free is served by it.
  for (const socket of stub.sockets) socket.destroy();
  expect((await exchange(proxy.port, 'GET /_snapshot HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/ 200 /);
  expect(stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/_bulk', '/_snapshot']);
});

it('lets a request wait for a free connection for which no time is set', async () => {
  const client = new RawClient(proxy.port).send(
    'POST /_search/scroll HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
  );
  await eventually(() => proxy.server.inFlight === 2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(client.text).toBe('');
  for (const socket of stub.sockets) socket.destroy();
  await client.until(/ 200 /);
  client.close();
});
