import { exchange, proxyWithStub } from './support/proxy.js';

const pair = proxyWithStub();

it('forwards a GET with a body and uses the upstream connection again', async () => {
  for (let i = 0; i < 5; i++) {
    await exchange(
      pair.proxy.port,
      'GET /articles/_search HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"size":0}',
    );
    await exchange(pair.proxy.port, 'GET /_other HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
    await exchange(
      pair.proxy.port,
      'GET /_other HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    );
  }
  expect(pair.stub.requests).toHaveLength(15);
  expect(pair.stub.requests[0]!.body.toString()).toBe('{"size":0}');
  expect(pair.stub.requests[1]!.body.toString()).toBe('{}');
  expect(pair.stub.connections).toBe(1);
});

it('does not use a connection again after a head that Elasticsearch may refuse and then go deaf', async () => {
  await exchange(pair.proxy.port, `GET /_search?q=${'a'.repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await exchange(pair.proxy.port, `GET /_search HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`);
  await exchange(pair.proxy.port, 'GET /_search HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(pair.stub.requests.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  expect(pair.stub.requests[0]!.head).toMatch(/connection: close/i);
});
