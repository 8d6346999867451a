import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { eventually, exchange, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

const BIG = Buffer.alloc(1_000_000, 'x');
let stub: StubUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  stub = await new StubUpstream(({ head }) => answer(head.includes('/big') ? BIG : head.split(' ')[1]!)).listen();
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 4 } });
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

/** How many are sent at once. */
const MANY = 3000;

const get = (path: string, host = 'Host: x') => `GET ${path} HTTP/1.1\r\n${host}\r\n\r\n`;

for (const [name, host] of [
  ['plain', 'Host: x'],
  ['not plain', 'Host:x'],
]) {
  it(`sends no request up before those in front of it are answered, where they are ${name}`, async () => {
    // The first is a search whose body does not end; all behind it have answers that can't leave.
    const zipped = gzipSync('{}');
    const first = `POST /_search HTTP/1.1\r\n${host}\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`;
    const waiting = answer('first');
    let release: () => void = () => undefined;
    stub.respond = ({ head }, socket) => {
      if (!head.includes('/_search')) return answer(head.includes('/big') ? BIG : head.split(' ')[1]!);
      release = () => socket.write(waiting);
      return undefined;
    };
    const client = new RawClient(proxy.port);
    client.send(Buffer.concat([Buffer.from(first), zipped, Buffer.from(get('/big', host).repeat(6))]));
    await stub.received(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(stub.requests).toHaveLength(1);
    expect((await exchange(proxy.port, get('/other'))).body).toBe('/other');
    release();
    await eventually(() => client.bytes.length > 6 * BIG.length);
    expect(stub.requests).toHaveLength(8);
    client.close();
  });

  it(`answers thousands of requests that are sent at once, in their order, where they are ${name}`, async () => {
    const client = new RawClient(proxy.port);
    client.send(Array.from({ length: MANY }, (_, i) => get(`/${i}`, host)).join(''));
    await client.until(new RegExp(`/${MANY - 1}$`));
    expect([...client.text.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, i]) => Number(i))).toEqual(
      Array.from({ length: MANY }, (_, i) => i),
    );
    client.close();
  });
}

it('answers thousands of requests that are refused at once without running out of stack', async () => {
  const client = new RawClient(proxy.port);
  const bad = 'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nNOWHERE';
  client.send(bad.repeat(MANY));
  await eventually(() => (client.text.match(/HTTP\/1\.1 400 /g) ?? []).length === MANY);
  expect((await exchange(proxy.port, get('/other'))).body).toBe('/other');
  client.close();
});

it('answers thousands of requests with bodies that are not plain, for each of which Node would read on', async () => {
  const search = 'POST /_search HTTP/1.1\r\nHost:x\r\nContent-Length: 2\r\n\r\n{}';
  const one = (await exchange(proxy.port, search)).head.length + '/_search'.length;
  const client = connect(proxy.port, '127.0.0.1');
  let bytes = 0;
  client.on('data', (piece) => {
    bytes += piece.length;
  });
  // It shows in `destroyed`.
  client.on('error', () => undefined);
  client.write(search.repeat(20_000));
  await eventually(() => client.destroyed || bytes === 20_000 * one);
  expect(client.destroyed).toBe(false);
  client.destroy();
});

it('stops to read who sends requests that are not plain and gets no answer, in place of cutting it off', async () => {
  stub.respond = () => undefined;
  const client = new RawClient(proxy.port);
  const ahead = get('/a', 'Host:x').repeat(1000);
  // Until nothing moves any more.
  for (let moves = true; moves; ) {
    if (client.socket.write(ahead)) continue;
    moves = await Promise.race([
      new Promise<boolean>((resolve) => client.socket.once('drain', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(resolve, 500, false)),
    ]);
  }
  expect(client.socket.destroyed).toBe(false);
  expect(stub.requests).toHaveLength(1);
  client.close();
});

it('cuts off who has more than 64 wait, where thousands wait on all connections: what was read fills the memory', async () => {
  const held: (() => void)[] = [];
  stub.respond = (_request, socket) => {
    held.push(() => socket.write(answer('late')));
    return undefined;
  };
  // More than are read at once, which is 64 kB.
  const ahead = get('/a', 'Host:x').repeat(4000);
  const clients = Array.from({ length: 20 }, () => new RawClient(proxy.port).send(ahead));
  await eventually(() => clients.filter(({ socket }) => socket.destroyed).length >= 5);
  expect(clients.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThan(0);
  // Few are let wait however many wait elsewhere.
  stub.respond = ({ head }) => answer(head.split(' ')[1]!);
  const few = new RawClient(proxy.port).send(get('/few', 'Host:x').repeat(60));
  await eventually(() => (few.text.match(/\/few/g) ?? []).length === 60);
  few.close();
  // That a connection which is not read has gone shows when it is served again.
  for (const client of clients) client.close();
  for (const release of held) release();
  await eventually(() => proxy.server.inFlight === 0);
});

it('serves plain requests and others on one connection in their order', async () => {
  const client = new RawClient(proxy.port).send(
    `${get('/1')}${get('/2', 'Host:x')}${get('/3')}${get('/_territory/x')}${get('/4')}`,
  );
  const text = await client.until(/\/4$/);
  const bodies = [...text.matchAll(/\/[1-4](?!\.)|internal/g)].map(([body]) => body);
  expect(bodies).toEqual(['/1', '/2', '/3', 'internal', '/4']);
  client.close();
});
