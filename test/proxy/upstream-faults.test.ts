import { eventually, exchange, proxyWithStub, RawClient, startProxy } from './support/proxy.js';
import { answer, CLOSED_PORT, StubUpstream } from './support/upstream.js';

const pair = proxyWithStub();
const GET = 'GET /_cluster/health HTTP/1.1\r\nHost: x\r\n\r\n';

it('answers 502 in the shape of Elasticsearch when nothing listens there', async () => {
  const proxy = await startProxy({ nodes: [new URL(`http://user:secret@127.0.0.1:${CLOSED_PORT}`)] });
  const { head, body } = await exchange(proxy.port, 'PUT /a/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  expect(head).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\nX-elastic-product: Elasticsearch\r\n/);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_upstream_exception' }, status: 502 });
  expect(body).toContain('ECONNREFUSED');
  expect(body).not.toContain('secret');
  expect(proxy.records[0]).toMatchObject({ outcome: 'failed', status: 502 });
  await proxy.close();
});

it('answers 504 when Elasticsearch takes too long', async () => {
  const proxy = await startProxy({ nodes: [pair.stub.url], upstream: { timeoutMs: 300 } });
  pair.stub.respond = () => undefined;
  const { head, body } = await exchange(proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1.1 504 /);
  expect(body).toContain('territory_timeout_exception');
  expect(pair.stub.requests).toHaveLength(1);
  await proxy.close();
});

it('waits for bulk and scroll as long as they take', async () => {
  const proxy = await startProxy({ nodes: [pair.stub.url], upstream: { timeoutMs: 300 } });
  pair.stub.respond = (_request, socket) => {
    setTimeout(() => socket.write(answer('{"late":true}')), 700);
    return undefined;
  };
  for (const path of ['/_bulk', '/a/_bulk?refresh', '/_search/scroll', '/a/_search?scroll=1m']) {
    const post = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}\n`;
    expect((await exchange(proxy.port, post)).head).toMatch(/^HTTP\/1.1 200 /);
  }
  await proxy.close();
});

it('cuts the client off when the answer breaks off, so that half of it is not taken for the whole', async () => {
  pair.stub.respond = (_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"half":');
    setTimeout(() => socket.resetAndDestroy(), 50);
    return undefined;
  };
  const client = new RawClient(pair.proxy.port).send(GET);
  await client.closed;
  expect(client.text).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"half":$/);
  await eventually(() => pair.proxy.records.length === 1);
  expect(pair.proxy.records[0]).toMatchObject({ outcome: 'failed', error: { type: 'territory_upstream_exception' } });
  // Though it only reads, it is not asked again: the client has the head of the first.
  expect(pair.stub.requests).toHaveLength(1);
});

it('does not end a chunked answer that broke off', async () => {
  pair.stub.respond = (_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    setTimeout(() => socket.destroy(), 50);
    return undefined;
  };
  const client = new RawClient(pair.proxy.port).send(GET);
  await client.closed;
  expect(client.text).toMatch(/half\r\n$/);
});

it('repeats a read once when the connection breaks before an answer', async () => {
  pair.stub.respond = (request, socket) => {
    if (pair.stub.requests.length > 1) return answer('{"second":true}');
    expect(request.connection).toBe(1);
    socket.resetAndDestroy();
    return undefined;
  };
  const { body } = await exchange(
    pair.proxy.port,
    'POST /a/_search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
  );
  expect(body).toBe('{"second":true}');
});

it('repeats a read no more than once', async () => {
  pair.stub.respond = (_request, socket) => {
    socket.resetAndDestroy();
    return undefined;
  };
  const { head } = await exchange(pair.proxy.port, GET);
  expect(head).toMatch(/^HTTP\/1.1 502 /);
  expect(pair.stub.requests).toHaveLength(2);
});

it('repeats nothing that may happen twice', async () => {
  pair.stub.respond = (_request, socket) => {
    socket.resetAndDestroy();
    return undefined;
  };
  for (const line of [
    'POST /a/_doc',
    'PUT /a/_doc/1',
    'POST /_bulk',
    'DELETE /a',
    'POST /a/_delete_by_query',
    'GET /_search/scroll?scroll_id=x',
  ]) {
    pair.stub.requests.length = 0;
    const { head } = await exchange(pair.proxy.port, `${line} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`);
    expect(head).toMatch(/^HTTP\/1.1 502 /);
    expect(pair.stub.requests).toHaveLength(1);
  }
});

it('answers 502 to what is no HTTP', async () => {
  pair.stub.respond = () => 'SSH-2.0-OpenSSH_9.2\r\n';
  const { head } = await exchange(pair.proxy.port, 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1.1 502 /);
});

it('goes on when Elasticsearch comes back', async () => {
  const port = pair.stub.port;
  await exchange(pair.proxy.port, GET);
  await pair.stub.close();
  expect((await exchange(pair.proxy.port, GET)).head).toMatch(/^HTTP\/1.1 502 /);
  pair.stub = await new StubUpstream().listen(port);
  expect((await exchange(pair.proxy.port, GET)).head).toMatch(/^HTTP\/1.1 200 /);
});

it('passes an answer that comes before the whole request was sent', async () => {
  const { createServer } = await import('node:net');
  const early = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.write(answer('{"early":true}', '', '413 Request Entity Too Large')));
  });
  await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
  const { port } = early.address() as { port: number };
  const proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${port}`)] });
  const client = new RawClient(proxy.port).send('POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n');
  client.send(Buffer.alloc(1_000_000));
  const { head, body } = await client.answer();
  expect(head).toMatch(/^HTTP\/1.1 413 /);
  expect(body).toBe('{"early":true}');
  client.close();
  await proxy.close();
  early.close();
});
