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

/** How many may be sent at once: those of the fast path are read only as they are served. */
const MANY = (globalThis as { fastPath?: boolean }).fastPath === false ? 60 : 3000;

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
    await eventually(() => client.bytes.length > 6 * BIG.length, 20_000);
    expect(stub.requests).toHaveLength(8);
    client.close();
  });

  it(`answers hundreds of requests that are sent at once, in their order, where they are ${name}`, async () => {
    const count = host === 'Host: x' ? MANY : 60;
    const client = new RawClient(proxy.port);
    client.send(Array.from({ length: count }, (_, i) => get(`/${i}`, host)).join(''));
    await client.until(new RegExp(`/${count - 1}$`), 20_000);
    expect([...client.text.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, i]) => Number(i))).toEqual(
      Array.from({ length: count }, (_, i) => i),
    );
    client.close();
  });
}

it('answers thousands of requests that are refused at once without running out of stack', async () => {
  const client = new RawClient(proxy.port);
  const bad = 'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nNOWHERE';
  client.send(bad.repeat(MANY));
  await eventually(() => (client.text.match(/HTTP\/1\.1 400 /g) ?? []).length === MANY, 20_000);
  expect((await exchange(proxy.port, get('/other'))).body).toBe('/other');
  client.close();
});

it('cuts off who has more than 64 requests wait that are not plain: they are read ahead, and would fill the memory', async () => {
  stub.respond = () => undefined;
  const client = new RawClient(proxy.port).send(get('/a', 'Host:x').repeat(200));
  await client.closed;
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
