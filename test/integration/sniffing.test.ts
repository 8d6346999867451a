import { Client } from '@elastic/elasticsearch';
// @ts-expect-error a script without types
import { freePort } from '../../scripts/lib/free-port.mjs';
import { elasticsearchUrl, newClient } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

/** The addresses that the official client has after it has sniffed through the proxy. */
async function sniffed(proxy: RunningProxy): Promise<string[]> {
  const client = new Client({ node: proxy.url, sniffOnStart: false });
  try {
    await new Promise<void>((resolve, reject) => {
      client.diagnostic.once('sniff', (error) => (error === null ? resolve() : reject(error)));
      client.transport.sniff({ reason: 'test', context: null });
    });
    // It works with what it was told.
    expect((await client.info()).version.number).toMatch(/^\d/);
    return client.connectionPool.connections.map(({ url }) => url.origin);
  } finally {
    await client.close();
  }
}

it('tells a sniffing client of the proxy alone, where it is to', async () => {
  const port: number = await freePort();
  const proxy = await startProxy({ sniffing: 'own', publicUrl: `http://127.0.0.1:${port}`, port });
  expect(await sniffed(proxy)).toEqual([proxy.url]);
  const direct = newClient();
  const [own, real] = await Promise.all([
    (await fetch(`${proxy.url}/_nodes/http`)).json() as Promise<{ nodes: Record<string, object> }>,
    direct.nodes.info({ metric: 'http' }),
  ]);
  await direct.close();
  // The shape is that of a node of Elasticsearch itself.
  const [ownNode] = Object.values(own.nodes);
  const [realNode] = Object.values(real.nodes);
  expect(Object.keys({ ...ownNode, settings: 0 }).sort()).toEqual(Object.keys({ ...realNode, settings: 0 }).sort());
  await proxy.stop();
});

it('passes the addresses of the nodes where nothing is said of sniffing', async () => {
  const proxy = await startProxy();
  expect(await sniffed(proxy)).toEqual([new URL(elasticsearchUrl()).origin]);
  await proxy.stop();
});
