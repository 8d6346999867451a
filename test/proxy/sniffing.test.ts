import { SniffedRewriters } from '../../src/proxy/sniffing.js';
import { FakeRewriter } from './support/fake-rewriter.js';
import { eventually, exchange, proxyWithStub } from './support/proxy.js';
import { answer } from './support/upstream.js';

const fake = new FakeRewriter();
const pair = proxyWithStub({
  rewriters: new SniffedRewriters({ current: fake, kept: () => fake }, 'search.example.org:9280'),
});

const NODES = {
  _nodes: { total: 2, successful: 2, failed: 0 },
  cluster_name: 'docs',
  nodes: {
    b: node('10.0.0.2', ['data', 'ingest']),
    a: node('10.0.0.1', ['master', 'data']),
  },
};

function node(ip: string, roles: string[]) {
  return {
    name: `node-${ip}`,
    transport_address: `${ip}:9300`,
    host: ip,
    ip,
    version: '8.19.13',
    build_flavor: 'default',
    roles,
    attributes: { 'xpack.installed': 'true' },
    http: { bound_address: [`${ip}:9200`], publish_address: `es/${ip}:9200`, max_content_length_in_bytes: 104857600 },
  };
}

const get = (target: string, headers = '') =>
  exchange(pair.proxy.port, `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);

it.each([
  '/_nodes/http',
  '/_nodes/_all/http',
  '/_nodes/http/',
  '/_nodes/http,settings?flat_settings',
  '/_nodes/_all/http?timeout=1s',
])('answers %s with itself as the one node, and with nothing of where the others are', async (target) => {
  pair.stub.respond = () => answer(JSON.stringify(NODES));
  const { head, body } = await get(target, 'Authorization: Basic own\r\nX-Opaque-Id: 7\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\nX-elastic-product: Elasticsearch\r\nX-Opaque-Id: 7\r\n/);
  const { nodes, ...rest } = JSON.parse(body);
  expect(rest).toEqual({ _nodes: { total: 1, successful: 1, failed: 0 }, cluster_name: 'docs' });
  expect(nodes).toEqual({
    'territory-proxy': {
      ...node('', ['data', 'ingest', 'master']),
      name: 'territory-proxy',
      transport_address: 'search.example.org:9280',
      host: 'search.example.org',
      ip: 'search.example.org',
      attributes: {},
      settings: {},
      http: {
        bound_address: ['search.example.org:9280'],
        publish_address: 'search.example.org:9280',
        max_content_length_in_bytes: 104857600,
      },
    },
  });
  expect(body).not.toContain('10.0.0');
  expect(pair.stub.requests[0]?.head).toMatch(/^GET \/_nodes\/http HTTP[\s\S]*Authorization: Basic own/i);
  await eventually(() => pair.proxy.records.length === 1);
  expect(pair.proxy.records[0]).toMatchObject({ endpoint: 'sniffing', outcome: 'passed', status: 200 });
});

it('leaves to Elasticsearch whom it refuses, and in what words', async () => {
  const refusal = answer(
    '{"error":"security_exception"}',
    'www-authenticate: Basic realm="es"\r\n',
    '401 Unauthorized',
  );
  pair.stub.respond = () => refusal;
  const { head, body } = await get('/_nodes/http');
  expect(head).toMatch(/^HTTP\/1\.1 401 [\s\S]*www-authenticate: Basic realm="es"/);
  expect(body).toBe('{"error":"security_exception"}');
});

it('answers 502 where Elasticsearch tells nothing of its nodes', async () => {
  for (const told of ['{}', '{"nodes":{}}', 'no json']) {
    pair.stub.respond = () => answer(told);
    const { head, body } = await get('/_nodes/http');
    expect(head).toMatch(/^HTTP\/1\.1 502 /);
    expect(JSON.parse(body).error.type).toBe('territory_upstream_exception');
  }
});

it('passes every other request for nodes as it came', async () => {
  for (const target of [
    '/_nodes',
    '/_nodes/stats',
    '/_nodes/_local/http',
    '/_nodes/httpx',
    '/_nodes/http/x',
    '/_cat/nodes',
  ]) {
    pair.stub.respond = () => answer('{"as":"it came"}');
    expect((await get(target)).body).toBe('{"as":"it came"}');
    expect(pair.stub.requests.at(-1)?.head).toContain(`GET ${target} HTTP`);
  }
});
