import { answeredHeaders, forwardedHeaders } from '../../src/proxy/headers.js';
import { exchange, proxyWithStub } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub();

it('passes request headers in their order and case, repeated ones too, without those of the connection', async () => {
  await exchange(
    pair.proxy.port,
    'GET /_search HTTP/1.1\r\nHost: a.example\r\nX-Opaque-Id: 7\r\ntraceparent: 00-ab\r\nauthorization: ApiKey x\r\nX-A: 1\r\nx-a: 2\r\n' +
      'Connection: keep-alive, X-Hop\r\nX-Hop: secret\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Connection: keep-alive\r\nUpgrade: h2c\r\n' +
      'Accept: application/vnd.elasticsearch+json;compatible-with=8\r\nX-Latin: caf\xe9\r\n\r\n',
  );
  const [{ head } = { head: '' }] = await pair.stub.received(1);
  const lines = head.split('\r\n').filter((line) => line !== '' && !/^connection:/i.test(line));
  expect(lines).toEqual([
    'GET /_search HTTP/1.1',
    expect.stringMatching(/^host: a\.example$/i),
    'X-Opaque-Id: 7',
    'traceparent: 00-ab',
    'authorization: ApiKey x',
    'X-A: 1',
    'x-a: 2',
    'Accept: application/vnd.elasticsearch+json;compatible-with=8',
    'X-Latin: caf\xe9',
  ]);
});

it('passes response headers in their order and case, repeated ones too, and adds none', async () => {
  pair.stub.respond = () =>
    'HTTP/1.1 299 Odd Reason\r\nX-elastic-product: Elasticsearch\r\nWarning: 299 a "x"\r\nWarning: 299 a "y"\r\nX-Opaque-Id: 7\r\n' +
    'Keep-Alive: timeout=9\r\nConnection: X-Hop\r\nX-Hop: 1\r\ncontent-type: application/vnd.elasticsearch+json;compatible-with=8\r\nContent-Length: 2\r\n\r\n{}';
  const { head } = await exchange(pair.proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(head).toBe(
    'HTTP/1.1 299 Odd Reason\r\nX-elastic-product: Elasticsearch\r\nWarning: 299 a "x"\r\nWarning: 299 a "y"\r\nX-Opaque-Id: 7\r\n' +
      'content-type: application/vnd.elasticsearch+json;compatible-with=8\r\nContent-Length: 2\r\n\r\n',
  );
});

it('passes a chunked answer, and one that ends with its connection', async () => {
  pair.stub.respond = () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
  expect(await (await fetch(pair.proxy.url)).text()).toBe('abcde');
  pair.stub.respond = (_request, socket) => {
    socket.end('HTTP/1.1 200 OK\r\n\r\nto the end');
    return undefined;
  };
  expect(await (await fetch(pair.proxy.url)).text()).toBe('to the end');
});

it('answers a client that would rather speak HTTP/2 over the same connection in HTTP/1.1', async () => {
  const client = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  const { head } = await exchange(
    pair.proxy.port,
    `POST /_search HTTP/1.1\r\nHost: x\r\n${client}Content-Length: 2\r\n\r\n{}`,
  );
  expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(pair.stub.requests[0]!.head).not.toMatch(/h2c|settings/i);
  expect(pair.stub.requests[0]!.body.toString()).toBe('{}');
});

it('loses none of very many headers', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => `X-${i}: ${i}\r\n`).join('');
  await exchange(pair.proxy.port, `GET / HTTP/1.1\r\nHost: x\r\n${many}\r\n`);
  expect(pair.stub.requests[0]!.head).toContain('X-2999: 2999\r\n');
});

it('answers 502 to an answer with a header that must not go on', async () => {
  pair.stub.respond = () => 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\ncontent-length: 0\r\n\r\n';
  const { head } = await exchange(pair.proxy.port, 'GET /_cat HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 502 /);
});

it('keeps what a message needs though Connection names it', () => {
  const raw = ['Host', 'x', 'Connection', 'close, Authorization, host, x-a', 'Authorization', 'Basic x', 'X-A', '1'];
  expect(forwardedHeaders(raw)).toEqual(['Host', 'x', 'Authorization', 'Basic x']);
  const answer = ['Connection', 'x-b', 'X-B', '1', 'X-C', '2'];
  expect(answeredHeaders(answer)).toEqual(['X-C', '2']);
});

it('answers HEAD with the length and without a body', async () => {
  pair.stub.respond = ({ head }) =>
    head.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\nContent-Length: 120\r\nX-A: 1\r\n\r\n' : answer('{"after":1}');
  const { RawClient } = await import('./support/proxy.js');
  const client = new RawClient(pair.proxy.port);
  client.send('HEAD /articles HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/\r\n\r\n/);
  client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const text = await client.until(/after/);
  expect(text).toMatch(/^HTTP\/1.1 200 OK\r\nContent-Length: 120\r\nX-A: 1\r\n\r\nHTTP\/1.1 200 OK/);
  expect(pair.stub.connections).toBe(1);
  client.close();
});
