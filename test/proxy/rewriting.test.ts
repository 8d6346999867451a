import { gzipSync } from 'node:zlib';
import { Rewriters } from '../../src/proxy/rewriters.js';
import type { TerritoryTree } from '../../src/territory/tree.js';
import { FakeRewriter } from './support/fake-rewriter.js';
import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';
import { answer } from './support/upstream.js';

const rewriters = new Rewriters(new FakeRewriter('aaaaaaaaaaaaaaaa'));
rewriters.swap({ version: 'bbbbbbbbbbbbbbbb' } as TerritoryTree);
const pair = proxyWithStub({ rewriters });

function post(path: string, body: string | Buffer, headers = ''): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`,
    ),
    bytes,
  ]);
}

it('sends the rewritten body with its own length, and says on the answer what was done', async () => {
  pair.stub.respond = () => answer('{"took":12,"timed_out":false,"hits":{"total":{"value":345,"relation":"eq"}}}');
  const { head } = await exchange(
    pair.proxy.port,
    post('/articles/_search', '{"q":"TERRITORY"}', 'X-Opaque-Id: me\r\n'),
  );
  const [request] = await pair.stub.received(1);
  expect(request!.body.toString()).toBe('{"q":"[bbbbbbbbbbbbbbbb]"}');
  expect(request!.head.match(/^content-length:.*$/gim)).toEqual(['content-length: 26']);
  expect(head).toMatch(
    /\r\nX-Territory-Rewrites: 1\r\nX-Territory-Cache: hit\r\nX-Territory-Version: bbbbbbbbbbbbbbbb\r\nServer-Timing: territory;dur=\d+\.\d+\r\n/,
  );
  await eventually(() => pair.proxy.records.length === 1);
  expect(pair.proxy.records[0]).toMatchObject({
    method: 'POST',
    path: '/articles/_search',
    endpoint: 'search',
    outcome: 'rewritten',
    status: 200,
    upstreamStatus: 200,
    took: 12,
    hits: 345,
    client: '127.0.0.1',
    opaqueId: 'me',
    bytesIn: 17,
    outcomeDetail: { places: 1, cache: 'hit', indices: 'articles' },
  });
});

it('says nothing on the answer to a request without shorthand', async () => {
  const { head } = await exchange(pair.proxy.port, post('/articles/_search', '{}'));
  expect(head).not.toMatch(/territory/i);
});

it('inflates a body to rewrite it, and sends it plain', async () => {
  await exchange(pair.proxy.port, post('/_search', gzipSync('{"q":"TERRITORY"}'), 'Content-Encoding: gzip\r\n'));
  const [request] = await pair.stub.received(1);
  expect(request!.body.toString()).toBe('{"q":"[bbbbbbbbbbbbbbbb]"}');
  expect(request!.head).not.toMatch(/content-encoding/i);
});

it('sends a compressed body without shorthand as the bytes that came', async () => {
  const zipped = gzipSync('{"size":0}');
  await exchange(pair.proxy.port, post('/_search', zipped, 'Content-Encoding: gzip\r\n'));
  const [request] = await pair.stub.received(1);
  expect(request!.body.equals(zipped)).toBe(true);
  expect(request!.head).toMatch(/content-encoding: gzip/i);
});

it('rewrites a chunked body', async () => {
  const chunked =
    'POST /_search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"q":"T\r\n8\r\nERRITORY\r\n2\r\n"}\r\n0\r\n\r\n';
  await exchange(pair.proxy.port, chunked);
  const [request] = await pair.stub.received(1);
  expect(request!.body.toString()).toBe('{"q":"[bbbbbbbbbbbbbbbb]"}');
  expect(request!.head).not.toMatch(/transfer-encoding/i);
});

it('gives a GET without a body the one that its q= moved into', async () => {
  await exchange(pair.proxy.port, 'GET /articles/_search?q=TERRITORY HTTP/1.1\r\nHost: x\r\n\r\n');
  const [request] = await pair.stub.received(1);
  expect(request!.head).toMatch(/^GET \/articles\/_search HTTP/);
  expect(request!.head).toMatch(/content-type: application\/json/);
  expect(request!.body.toString()).toBe('{"moved":"bbbbbbbbbbbbbbbb"}');
});

it('answers what the rewriter refuses in the shape of Elasticsearch, and asks Elasticsearch nothing', async () => {
  const { head, body } = await exchange(pair.proxy.port, post('/_search', 'NOWHERE', 'X-Opaque-Id: 9\r\n'));
  expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(head).toMatch(/\r\nX-elastic-product: Elasticsearch\r\n/);
  expect(head).toMatch(/\r\nX-Opaque-Id: 9\r\n/);
  expect(JSON.parse(body)).toMatchObject({
    error: { root_cause: [{ type: 'unknown_unit_exception' }], type: 'unknown_unit_exception', units: ['COM:234'] },
    status: 400,
  });
  expect(pair.stub.requests).toHaveLength(0);
  await eventually(() => pair.proxy.records.length === 1);
  expect(pair.proxy.records[0]).toMatchObject({
    outcome: 'refused',
    error: { type: 'unknown_unit_exception', units: ['COM:234'] },
  });
});

it('forwards nothing when the rewriter itself fails', async () => {
  const { head, body } = await exchange(pair.proxy.port, post('/_search', 'BUG'));
  expect(head).toMatch(/^HTTP\/1.1 500 /);
  expect(body).toContain('territory_internal_exception');
  expect(pair.stub.requests).toHaveLength(0);
});

it('gives an error in the media type that the client asked for', async () => {
  const accept = 'Accept: application/vnd.elasticsearch+json; compatible-with=8\r\n';
  const { head } = await exchange(pair.proxy.port, post('/_search', 'NOWHERE', accept));
  expect(head).toMatch(/content-type: application\/vnd\.elasticsearch\+json; compatible-with=8\r\n/);
});

it('writes warnings as Elasticsearch does', async () => {
  const { head } = await exchange(pair.proxy.port, post('/_search', 'TERRITORY WARN'));
  expect(head).toContain('\r\nWarning: 299 territory-proxy "unknown \\"unit\\" %C3%A9"\r\n');
  expect(pair.proxy.records[0]!.outcomeDetail!.dropped).toEqual(['COM:9']);
});

it('puts refused searches back into the answer of an _msearch, which it asks for uncompressed', async () => {
  pair.stub.respond = () => answer('{"took":3,"responses":[{"status":200,"big":12345678901234567890}]}');
  const { head, body } = await exchange(
    pair.proxy.port,
    post('/_msearch', 'TERRITORY REFUSED', 'Accept-Encoding: gzip\r\n'),
  );
  const [request] = await pair.stub.received(1);
  expect(request!.head.match(/^accept-encoding:.*$/gim)).toEqual(['accept-encoding: identity']);
  expect(body).toBe(
    '{"took":3,"responses":[{"status":200,"big":12345678901234567890},{"error":{"type":"x"},"status":400}]}',
  );
  expect(head).toMatch(new RegExp(`content-length: ${body.length}\\r\\n`));
  expect(head).toMatch(/X-Territory-Rewrites: 1/);
  expect(pair.proxy.records).toMatchObject([{ outcome: 'rewritten', refusedSearches: [{ type: 'x' }] }]);
});

it('has a template rendered on a connection of its own where the head is so long that it may be refused', async () => {
  pair.stub.respond = () => answer('{"template_output":{}}');
  await exchange(pair.proxy.port, post('/_search', 'TEMPLATE', `X-Long: ${'a'.repeat(17_000)}\r\n`));
  const requests = await pair.stub.received(2);
  expect(requests.map(({ head }) => /^connection: close$/im.test(head))).toEqual([true, true]);
});

it('tells of refused searches when none is left, and of errors of any shape', async () => {
  await exchange(pair.proxy.port, post('/_msearch', 'NOTHING LEFT'));
  pair.stub.respond = () => answer('{"took":3,"responses":[{"status":200}]}');
  await exchange(pair.proxy.port, post('/_msearch', 'TERRITORY ODD'));
  expect(pair.proxy.records.map(({ outcome, refusedSearches }) => [outcome, refusedSearches])).toEqual([
    ['refused', [{ type: 'x', reason: 'y', units: ['COM:1'] }]],
    ['rewritten', [{ type: 'unknown', reason: '' }]],
  ]);
});

it('tells of the hits of a search, and of each search of an _msearch, at its place where others were refused', async () => {
  const hits = '{"took":3,"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}';
  pair.stub.respond = () => answer(hits);
  await exchange(pair.proxy.port, post('/_search', 'TERRITORY'));
  pair.stub.respond = () => answer(`{"took":3,"responses":[${hits},${hits}]}`);
  await exchange(pair.proxy.port, post('/_msearch', 'TERRITORY SECOND'));
  pair.stub.respond = () => answer(`{"took":4,"responses":[${hits}]}`);
  await exchange(pair.proxy.port, post('/_msearch', 'TERRITORY REFUSED FIRST'));
  pair.stub.respond = () => answer('{"error":{},"status":500}', 'x: y\r\n');
  await exchange(pair.proxy.port, post('/_msearch', 'TERRITORY REFUSED'));
  const one = { hits: 0, took: 3 };
  expect(pair.proxy.records.map(({ took, hits, searches }) => [took, hits, searches])).toEqual([
    [3, 0, undefined],
    [3, undefined, [one, one]],
    [4, undefined, [{}, one]],
    [undefined, undefined, [{}, {}]],
  ]);
});

it('answers 502 where Elasticsearch compresses that answer nonetheless', async () => {
  pair.stub.respond = () => answer(gzipSync('{"responses":[]}'), 'content-encoding: gzip\r\n');
  const { head } = await exchange(pair.proxy.port, post('/_msearch', 'TERRITORY REFUSED'));
  expect(head).toMatch(/^HTTP\/1.1 502 /);
});

describe('X-Territory-Version', () => {
  it('expands with a tree that is kept', async () => {
    const { head } = await exchange(
      pair.proxy.port,
      post('/_search', 'TERRITORY', 'X-Territory-Version: aaaaaaaaaaaaaaaa\r\n'),
    );
    expect(head).toContain('X-Territory-Version: aaaaaaaaaaaaaaaa');
    expect(pair.stub.requests[0]!.body.toString()).toBe('[aaaaaaaaaaaaaaaa]');
  });

  it('is refused with 409 where that tree is not kept', async () => {
    const { head, body } = await exchange(
      pair.proxy.port,
      post('/_search', 'TERRITORY', 'X-Territory-Version: cccccccccccccccc\r\n'),
    );
    expect(head).toMatch(/^HTTP\/1.1 409 /);
    expect(body).toContain('territory_version_exception');
    expect(pair.stub.requests).toHaveLength(0);
  });

  it('does not matter to a request without shorthand', async () => {
    const { head } = await exchange(
      pair.proxy.port,
      post('/_search', '{}', 'X-Territory-Version: cccccccccccccccc\r\n'),
    );
    expect(head).toMatch(/^HTTP\/1.1 200 /);
  });
});

it('reads took and hits of a compressed answer from a sample, and passes it as it came', async () => {
  const zipped = gzipSync('{"took":5,"hits":{"total":{"value":9}}}');
  pair.stub.respond = () => answer(zipped, 'content-type: application/json\r\ncontent-encoding: gzip\r\n');
  for (let i = 0; i < 16; i++) {
    const { body } = await exchange(pair.proxy.port, post('/_search', 'TERRITORY'));
    expect(Buffer.from(body, 'latin1').equals(zipped)).toBe(true);
  }
  await eventually(() => pair.proxy.records.length === 16);
  expect(pair.proxy.records.filter((record) => record.took === 5 && record.hits === 9)).toHaveLength(1);
});

it('keeps a connection for the next request after a refusal in the midst of a body', async () => {
  const client = new RawClient(pair.proxy.port);
  client.send('POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nNOWHERE');
  await client.until(/unknown_unit_exception/);
  client.send(post('/_search', '{}'));
  await client.until(/200 OK/);
  client.close();
});
