import { isInternalPath } from '../../src/proxy/internal-path.js';
import { exchange, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub();

it('takes what is under /_territory for its own, exactly as it is written', () => {
  for (const target of ['/_territory', '/_territory/', '/_territory?x', '/_territory/stats', '/_territory/../x']) {
    expect(isInternalPath(target)).toBe(true);
  }
  for (const target of [
    '/_territoryx',
    '/_territory%2Fstats',
    '/%5Fterritory/stats',
    '//_territory/stats',
    '/./_territory/stats',
    '/x/../_territory/stats',
    '/_Territory/stats',
    '/_territory;x/stats',
    '/_territory#',
    'http://x/_territory/stats',
  ]) {
    expect(isInternalPath(target)).toBe(false);
  }
});

it('gives its own paths to the internal handler and all others to Elasticsearch', async () => {
  expect(
    (await exchange(pair.proxy.port, 'GET /_territory/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).head,
  ).toMatch(/200 OK/);
  // The plainest of requests, too, and the second on a connection.
  const client = new RawClient(pair.proxy.port).send('GET /_cat HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/\{\}$/);
  await client.send('GET /_territory/livez HTTP/1.1\r\nHost: x\r\n\r\n').until(/internal/);
  client.close();
  expect((await exchange(pair.proxy.port, 'GET /_territory?x HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/200 OK/);
  expect(pair.stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/_cat']);
  pair.stub.requests.length = 0;
  await exchange(pair.proxy.port, 'GET //_territory/livez HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(pair.stub.requests[0]!.head).toMatch(/^GET \/\/_territory\/livez /);
});
