import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Collector } from '../stats/collector.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

/** A whole proxy, of one process and of two, that tells a collector on a real socket what it did. */
const CLIENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const collector = new Collector();
const asked: IncomingHttpHeaders[] = [];
const elasticsearch = createServer((request, response) => {
  request.resume().on('end', () => {
    asked.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
    response.end('{"took":3,"hits":{"total":{"value":7,"relation":"eq"},"hits":[]}}');
  });
});
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-traces-'));
  await smallTree().save(join(folder, 'map.tree'));
  await writeFile(join(folder, 'config.yaml'), 'indices: { "articles*": { units: u } }\ncheckMappings: off\n');
  await new Promise<void>((resolve) => elasticsearch.listen(0, '127.0.0.1', resolve));
  environment = {
    ELASTICSEARCH_URL: `http://127.0.0.1:${(elasticsearch.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
    OTEL_BSP_SCHEDULE_DELAY: '100',
    TERRITORY_TREE: join(folder, 'map.tree'),
    TERRITORY_CONFIG: join(folder, 'config.yaml'),
  };
});

afterAll(async () => {
  elasticsearch.closeAllConnections();
  await new Promise((resolve) => elasticsearch.close(resolve));
  await collector.close();
  await rm(folder, { recursive: true });
});

it.each(['1', '2'])(
  '%s process(es): the rewriting is a span under that of the client, whose traceparent goes on as it came',
  async (workers) => {
    collector.received.length = 0;
    asked.length = 0;
    const proxy = await startProxy({ ...environment, WORKERS: workers });
    try {
      const answer = await fetch(`${proxy.url}/articles/_search?q=territory:DEP:69`, {
        headers: { traceparent: CLIENT, tracestate: 'vendor=1' },
      });
      expect([answer.status, answer.headers.get('x-territory-rewrites')]).toEqual([200, '1']);
      await until(() => collector.spans.length === 3);
    } finally {
      proxy.child.kill('SIGTERM');
      await proxy.ended;
    }
    expect(asked.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([[CLIENT, 'vendor=1']]);
    const [request, rewriting, sent] = ['search', 'territory.rewrite', 'elasticsearch'].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    expect(request).toMatchObject({ traceId: CLIENT.slice(3, 35), parentSpanId: CLIENT.slice(36, 52) });
    const inOrder = [
      request!.startTimeUnixNano,
      rewriting!.startTimeUnixNano,
      rewriting!.endTimeUnixNano,
      sent!.startTimeUnixNano,
      sent!.endTimeUnixNano,
      request!.endTimeUnixNano,
    ];
    expect(inOrder.map(BigInt)).toEqual(inOrder.map(BigInt).sort((a, b) => (a < b ? -1 : 1)));
  },
);
