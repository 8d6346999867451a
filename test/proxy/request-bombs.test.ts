import { gzipSync } from 'node:zlib';
import { Rewriters } from '../../src/proxy/rewriters.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { exchange, proxyWithStub } from './support/proxy.js';

/** A region of four thousand communes, whose expansion is long where an index has `units` only. */
const tree = TerritoryTree.build([
  { code: 'REG:1' },
  ...Array.from({ length: 4000 }, (_, i) => ({ code: `COM:${i}`, parents: ['REG:1'] })),
]);
const rewriter = new Rewriter(tree, {
  shorthand: 'territory',
  indices: [['articles', { units: 'tags' }]],
  aliases: {},
  definitions: 'reject',
  unknown: 'error',
  limits: { depth: 1000, expandedBytes: 10_000_000 },
  cacheBytes: 1_000_000,
});
const pair = proxyWithStub({ rewriters: new Rewriters(rewriter), limits: { bodyBytes: 20_000_000 } });

function search(body: string | Buffer, headers = ''): Buffer {
  const bytes = Buffer.from(body as string);
  const head = `POST /articles/_search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}`;
  return Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** Sends it and checks that the proxy has not been kept long, and still serves. */
async function attack(bytes: Buffer): Promise<{ status: number; type: string }> {
  const { head, body } = await exchange(pair.proxy.port, bytes);
  expect((await exchange(pair.proxy.port, 'GET /alive HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/200 OK/);
  return { status: Number(head.split(' ')[1]), type: JSON.parse(body).error?.type };
}

it.each([
  ['arrays', '['.repeat(1_000_000)],
  ['objects', '{"a":'.repeat(1_000_000)],
  ['closed arrays', `{"query":${'['.repeat(100_000)}"territory"${']'.repeat(100_000)}}`],
  ['queries', `{"query":${'{"bool":{"must":'.repeat(5000)}{"term":{"territory":"REG:1"}}${'}}'.repeat(5000)}}`],
])('refuses %s that nest too deep, with the shorthand in them or after them', async (_, text) => {
  for (const body of [text, `${text}"territory"`]) {
    const { status, type } = await attack(search(body));
    // What holds no shorthand is Elasticsearch's to refuse.
    if (status !== 200) expect({ status, type }).toEqual({ status: 413, type: 'territory_too_large_exception' });
    else expect(body).not.toContain('territory');
  }
});

it('refuses Lucene whose parentheses never close, and leaves nothing of the shorthand in what nests deep', async () => {
  const asked = (text: string) =>
    search(JSON.stringify({ query: { query_string: { query: `territory:"REG:1" AND ${text}` } } }));
  expect(await attack(asked('('.repeat(200_000)))).toEqual({ status: 400, type: 'territory_syntax_exception' });
  const nested = `${'('.repeat(50_000)}territory:"REG:1"${')'.repeat(50_000)}`;
  expect((await attack(asked(nested))).status).toBe(200);
  expect(pair.stub.requests.map(({ head }) => head.split(' ')[0])).toContain('POST');
  for (const { body } of pair.stub.requests) expect(body.includes('territory')).toBe(false);
});

it('refuses expressions that nest too deep or never end', async () => {
  const tooDeep = { status: 413, type: 'territory_too_large_exception' };
  for (const [text, refused] of [
    ['('.repeat(100_000), tooDeep],
    [`${'('.repeat(50_000)}REG:1${')'.repeat(50_000)}`, tooDeep],
    ['REG:1 - '.repeat(100_000), { status: 400, type: 'territory_syntax_exception' }],
  ] as const) {
    const body = JSON.stringify({ query: { territory: { expression: text } } });
    expect(await attack(search(body))).toEqual(refused);
  }
  expect(pair.stub.requests.every(({ head }) => head.startsWith('GET /alive'))).toBe(true);
});

it('refuses a small body that would become a huge one, before it is built', async () => {
  const clauses = Array.from({ length: 20_000 }, () => '{"term":{"territory":"REG:1"}}').join(',');
  const before = process.memoryUsage().rss;
  const refused = await attack(search(`{"query":{"bool":{"should":[${clauses}]}}}`));
  expect(refused).toEqual({ status: 413, type: 'territory_too_large_exception' });
  expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1024 * 1024);
  expect(pair.stub.requests.every(({ head }) => head.startsWith('GET /alive'))).toBe(true);
});

it('refuses the same in the URL and in an _msearch', async () => {
  const q = Array.from({ length: 3000 }, () => 'territory:REG:1').join('+OR+');
  const inUrl = await attack(Buffer.from(`GET /articles/_search?q=${q} HTTP/1.1\r\nHost: x\r\n\r\n`));
  expect(inUrl).toEqual({ status: 400, type: 'territory_unsupported_exception' });
  const lines = '{}\n{"query":{"term":{"territory":"REG:1"}}}\n'.repeat(20_000);
  const head = 'POST /articles/_msearch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n';
  const bytes = Buffer.from(`${head}Content-Length: ${lines.length}\r\n\r\n${lines}`);
  expect(await attack(bytes)).toEqual({ status: 413, type: 'territory_too_large_exception' });
  expect(pair.stub.requests.every(({ head }) => head.startsWith('GET /alive'))).toBe(true);
});

it('inflates no further than it must to see that it is too much', async () => {
  // The second holds nothing that would be refused for another reason.
  for (const filler of ['{"query":{"term":{"territory":"REG:1"}}} ', ' ']) {
    const bomb = gzipSync(Buffer.alloc(200_000_000, filler));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await attack(search(bomb, 'Content-Encoding: gzip\r\n'))).toEqual({
      status: 413,
      type: 'territory_too_large_exception',
    });
  }
});

it('passes ten thousand headers on, and lives', async () => {
  const headers = Array.from({ length: 10_000 }, (_, i) => `X-${i}: ${i}\r\n`).join('');
  const { head } = await exchange(pair.proxy.port, `GET /a HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(pair.stub.requests[0]?.head.match(/^X-\d+: /gm)).toHaveLength(10_000);
  const named = `Connection: ${'x,'.repeat(50_000)}close\r\n`;
  const second = await exchange(pair.proxy.port, `GET /a HTTP/1.1\r\nHost: x\r\n${named}\r\n`);
  expect(second.head).toMatch(/^HTTP\/1\.1 200 /);
  await attack(search('{}'));
});
