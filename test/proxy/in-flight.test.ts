import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub({ limits: { inFlight: 2 } });
const GET = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n';

it('answers 429 with Retry-After to more requests than may be in flight, and serves on when there is room', async () => {
  pair.stub.respond = () => undefined;
  const held = [new RawClient(pair.proxy.port).send(GET), new RawClient(pair.proxy.port).send(GET)];
  await pair.stub.received(2);
  const { head, body } = await exchange(pair.proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1.1 429 /);
  expect(head).toMatch(/\r\nRetry-After: 1\r\n/);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_busy_exception' }, status: 429 });
  const own = await exchange(pair.proxy.port, 'GET /_territory/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(own.head).toMatch(/200 OK/);
  for (const client of held) client.close();
  await eventually(() => pair.proxy.server.inFlight === 0);
  pair.stub.respond = () => 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
  expect((await exchange(pair.proxy.port, GET)).head).toMatch(/200 OK/);
});
