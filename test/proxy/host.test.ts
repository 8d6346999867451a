import { exchange, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

async function hostSeen(host: 'client' | 'node' | undefined, request: string): Promise<string[]> {
  const stub = await new StubUpstream().listen();
  const { port } = stub;
  const proxy = await startProxy({ nodes: [stub.url], upstream: { host } });
  await exchange(proxy.port, request);
  await proxy.close();
  await stub.close();
  return stub.requests[0]!.head.match(/^host:.*$/gim)!.map((line) => line.replace(String(port), 'PORT'));
}

it('passes Host as it came, and where told to names the node in its stead', async () => {
  const request = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
  expect(await hostSeen(undefined, request)).toEqual(['Host: a.example']);
  expect(await hostSeen('client', request)).toEqual(['Host: a.example']);
  expect(await hostSeen('node', request)).toEqual(['host: 127.0.0.1:PORT']);
});

it('names the node in a request that brings no Host', async () => {
  expect(await hostSeen('client', 'GET / HTTP/1.0\r\n\r\n')).toEqual(['host: 127.0.0.1:PORT']);
});
