import { eventually, exchange, proxyWithStub, RawClient, startProxy, until } from '../support/proxy.js';
import { answer, StubUpstream } from '../support/upstream.js';

const pair = proxyWithStub();

const POST = 'POST /a/_doc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';

it('uses one connection for requests one after the other, of every kind', async () => {
  for (const request of [
    GET,
    POST,
    'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
    'GET /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
    'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /a/_refresh HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    expect((await exchange(pair.proxy.port, request)).head).toMatch(/ 200 /);
  }
  expect(pair.stub.connections).toBe(1);
});

it('does not use a connection again after an answer with bytes too many: they would be the next one', async () => {
  pair.stub.respond = ({ connection }) =>
    connection === 1 ? Buffer.concat([answer('{"first":1}'), answer('{"evil":1}')]) : answer('{"second":1}');
  expect((await exchange(pair.proxy.port, POST)).body).toBe('{"first":1}');
  expect((await exchange(pair.proxy.port, POST)).body).toBe('{"second":1}');
});

it('closes a connection on which bytes come that nobody asked for', async () => {
  await exchange(pair.proxy.port, POST);
  const [socket] = pair.stub.sockets;
  socket!.write(answer('{"evil":1}'));
  await eventually(() => pair.stub.closed === 1);
  pair.stub.respond = () => answer('{"good":1}');
  expect((await exchange(pair.proxy.port, POST)).body).toBe('{"good":1}');
});

it('does not use a connection again that Elasticsearch says it closes, or that answered HTTP/1.0', async () => {
  for (const reply of [
    answer('{}', 'Connection: close\r\n'),
    Buffer.from('HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
  ]) {
    pair.stub.respond = () => reply;
    const before = pair.stub.connections;
    await exchange(pair.proxy.port, POST);
    await exchange(pair.proxy.port, POST);
    expect(pair.stub.connections).toBe(before + 2);
  }
});

it('does not use a connection again after a long head, after which Elasticsearch may read nothing more on it', async () => {
  const long = `GET /a HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(10_000)}\r\n\r\n`;
  await exchange(pair.proxy.port, long);
  expect(pair.stub.requests[0]!.head).toMatch(/\r\nconnection: close\r\n/);
  await exchange(pair.proxy.port, GET);
  expect(pair.stub.connections).toBe(2);
  await eventually(() => pair.stub.closed === 1);
});

it('takes no more connections than it may: who is too many waits, and is served in turn', async () => {
  const held: (() => void)[] = [];
  const stub = await new StubUpstream(({ head }, socket) => {
    held.push(() => socket.write(answer(head.split(' ')[1]!)));
    return undefined;
  }).listen();
  const proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 2 } });
  const bodies = Promise.all(
    Array.from({ length: 12 }, async (_, i) => (await exchange(proxy.port, GET.replace('/a', `/${i}`))).body),
  );
  await eventually(() => proxy.server.inFlight === 12 && held.length === 2);
  await until(
    () => stub.requests.length === 12 && held.length === 0,
    async () => held.shift()?.(),
  );
  expect(await bodies).toEqual(Array.from({ length: 12 }, (_, i) => `/${i}`));
  expect(stub.connections).toBe(2);
  await proxy.close();
  await stub.close();
});

it('serves those who wait when the connections break that others had', async () => {
  const stub = await new StubUpstream(({ head, connection }, socket) => {
    if (connection > 1) return answer(head.split(' ')[1]!);
    setTimeout(() => socket.destroy(), 50);
    return undefined;
  }).listen();
  const proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 1 } });
  const first = exchange(proxy.port, POST);
  await stub.received(1);
  const waiting = [1, 2, 3].map((i) => exchange(proxy.port, POST.replace('/a', `/${i}`)));
  expect((await first).head).toMatch(/ 502 /);
  expect((await Promise.all(waiting)).map(({ body }) => body)).toEqual(['/1/_doc', '/2/_doc', '/3/_doc']);
  await proxy.close();
  await stub.close();
});

it('repeats a read on a new connection when all that it had have gone stale', async () => {
  pair.stub.respond = () => undefined;
  const four = Promise.all([1, 2, 3, 4].map(() => exchange(pair.proxy.port, GET)));
  await pair.stub.received(4);
  for (const socket of pair.stub.sockets) socket.write(answer('/a'));
  await four;
  expect(pair.stub.connections).toBe(4);
  // As a node that is restarted: what comes on an old connection is not answered.
  pair.stub.respond = ({ connection }, socket) => {
    if (connection > 4) return answer('{"new":1}');
    socket.destroy();
    return undefined;
  };
  expect((await exchange(pair.proxy.port, GET)).body).toBe('{"new":1}');
});

it('ends the request and the connection when the answer comes before the body is whole', async () => {
  const { createServer } = await import('node:net');
  let connections = 0;
  const early = createServer((socket) => {
    connections += 1;
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.write(answer('{"early":1}', '', '413 Request Entity Too Large')));
    socket.resume();
  });
  await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
  const { port } = early.address() as { port: number };
  const proxy = await startProxy({ nodes: [new URL(`http://127.0.0.1:${port}`)] });
  const client = new RawClient(proxy.port).send('POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n');
  client.send(Buffer.alloc(100_000, 'x'));
  await client.until(/early/);
  // The rest of the body is no request: the next one on this connection is answered by itself.
  client.send(Buffer.alloc(200_000, 'x')).send(GET);
  await client.until(/early[\s\S]*early/);
  expect(connections).toBe(2);
  client.close();
  await proxy.close();
  early.close();
});
