import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { eventually, proxyWithStub, RawClient, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

const pair = proxyWithStub();

for (const [name, request] of [
  ['that waits for an answer', 'GET /_tasks HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['whose body was read', 'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'],
  ['whose body streamed through', 'POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'],
]) {
  it(`cancels the upstream request of a client ${name}`, async () => {
    pair.stub.respond = () => undefined;
    const client = new RawClient(pair.proxy.port).send(request!);
    await pair.stub.received(1);
    expect(pair.stub.sockets.size).toBe(1);
    client.close();
    await eventually(() => pair.proxy.server.inFlight === 0);
    await eventually(() => pair.stub.closed === 1);
    expect(pair.proxy.records).toMatchObject([
      { outcome: 'failed', status: 499, client: '127.0.0.1', error: { type: 'client_closed_request' } },
    ]);
  });
}

it('cancels the rendering of a template', async () => {
  pair.stub.respond = () => undefined;
  const client = new RawClient(pair.proxy.port);
  client.send('POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nTEMPLATE');
  const [asked] = await pair.stub.received(1);
  expect(asked?.head).toMatch(/^POST \/_render\/template /);
  client.close();
  await eventually(() => pair.stub.closed === 1 && pair.proxy.server.inFlight === 0);
  expect(pair.stub.requests).toHaveLength(1);
});

it('cancels in the midst of an answer', async () => {
  pair.stub.respond = () => 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nbegin';
  const client = new RawClient(pair.proxy.port).send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/begin/);
  client.close();
  await eventually(() => pair.stub.closed === 1 && pair.proxy.server.inFlight === 0);
});

it('cancels in the midst of an upload', async () => {
  const seen: Socket[] = [];
  const sink = createServer((socket) => {
    seen.push(socket.on('error', () => socket.destroy()).resume());
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${(sink.address() as { port: number }).port}`)] });
  const client = new RawClient(proxy.port).send('POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome');
  await eventually(() => seen.length === 1);
  client.close();
  await eventually(() => seen[0]!.destroyed && proxy.server.inFlight === 0);
  await proxy.close();
  sink.close();
});

it('forgets a client that goes away before its body is whole, or while it is inflated', async () => {
  const client = new RawClient(pair.proxy.port).send(
    'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  );
  await eventually(() => pair.proxy.server.inFlight === 1);
  client.close();
  await eventually(() => pair.proxy.server.inFlight === 0);
  const zipped = gzipSync(Buffer.alloc(50_000_000, 'TERRITORY'));
  const second = new RawClient(pair.proxy.port);
  second
    .send(`POST /_search HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`)
    .send(zipped);
  await eventually(() => pair.proxy.server.inFlight === 1);
  second.close();
  await eventually(() => pair.proxy.server.inFlight === 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(pair.stub.requests).toHaveLength(0);
});

for (const [name, host] of [
  ['plain ones', 'Host: x'],
  ['others', 'Host:x'],
]) {
  it(`cancels the request of a client that sent several at once, ${name}, and never sends up those behind it`, async () => {
    pair.stub.respond = () => undefined;
    const client = new RawClient(pair.proxy.port).send(
      [1, 2, 3].map((i) => `GET /${i} HTTP/1.1\r\n${host}\r\n\r\n`).join(''),
    );
    await pair.stub.received(1);
    client.close();
    await eventually(() => pair.proxy.server.inFlight === 0 && pair.stub.closed === 1);
    expect(pair.proxy.records).toHaveLength(1);
    expect(pair.stub.requests).toHaveLength(1);
  });
}

it('never sends the request of a client that went away while all connections were taken', async () => {
  const stub = await new StubUpstream(() => undefined).listen();
  const proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 1 } });
  const first = new RawClient(proxy.port).send('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await stub.received(1);
  const second = new RawClient(proxy.port).send('DELETE /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => proxy.server.inFlight === 2);
  second.close();
  await eventually(() => proxy.server.inFlight === 1);
  first.close();
  await eventually(() => proxy.server.inFlight === 0);
  const third = new RawClient(proxy.port).send('GET /3 HTTP/1.1\r\nHost: x\r\n\r\n');
  await stub.received(2);
  expect(stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/1', '/3']);
  third.close();
  await proxy.close();
  await stub.close();
});
