import { UpstreamNodes } from '../../src/proxy/upstream/nodes.js';
import { exchange, startProxy, type TestProxy, until } from './support/proxy.js';
import { CLOSED_PORT, StubUpstream } from './support/upstream.js';

const stubs: StubUpstream[] = [];
const proxies: TestProxy[] = [];

afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

async function stub(): Promise<StubUpstream> {
  const made = await new StubUpstream().listen();
  stubs.push(made);
  return made;
}

async function proxy(...nodes: URL[]): Promise<TestProxy> {
  const made = await startProxy({ nodes });
  proxies.push(made);
  return made;
}

const PUT = 'PUT /a/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';

it('asks the nodes in turn', async () => {
  const [a, b, c] = [await stub(), await stub(), await stub()];
  const { port } = await proxy(a.url, b.url, c.url);
  for (let i = 0; i < 9; i++) await exchange(port, PUT);
  expect([a, b, c].map(({ requests }) => requests.length)).toEqual([3, 3, 3]);
});

it('loses no write to a dead node, streamed bodies among them', async () => {
  const [a, b] = [await stub(), await stub()];
  const { port } = await proxy(a.url, new URL(`http://127.0.0.1:${CLOSED_PORT}`), b.url);
  for (let i = 0; i < 12; i++) {
    const { head } = await exchange(
      port,
      'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n',
    );
    expect(head).toMatch(/^HTTP\/1.1 200 /);
  }
  expect(a.requests.length + b.requests.length).toBe(12);
  expect(a.requests.every(({ body }) => body.toString().includes('{}\n'))).toBe(true);
});

it('uses a node again that comes back', async () => {
  const a = await stub();
  const b = await stub();
  const { port } = await proxy(a.url, b.url);
  const dead = b.port;
  await exchange(port, PUT);
  await exchange(port, PUT);
  await b.close();
  for (let i = 0; i < 4; i++) expect((await exchange(port, PUT)).head).toMatch(/200 OK/);
  const back = await new StubUpstream().listen(dead);
  stubs.push(back);
  // After half a second, or the next wait, where the machine took so long that it was asked once more in between.
  await until(
    () => back.requests.length > 0,
    () => exchange(port, PUT),
  );
  for (let i = 0; i < 4; i++) await exchange(port, PUT);
  expect(back.requests.length).toBeGreaterThanOrEqual(3);
});

it('says 502 when all are dead, and asks them nonetheless each time', async () => {
  const a = await stub();
  const { port } = await proxy(new URL(`http://127.0.0.1:${CLOSED_PORT}`), a.url);
  const again = a.port;
  await a.close();
  expect((await exchange(port, PUT)).head).toMatch(/^HTTP\/1.1 502 /);
  stubs.push(await new StubUpstream().listen(again));
  expect((await exchange(port, PUT)).head).toMatch(/^HTTP\/1.1 200 /);
});

it('leaves a dead node out for a wait that doubles, up to half a minute', async () => {
  let now = 1000;
  const nodes = new UpstreamNodes(
    [new URL('http://127.0.0.1:1'), new URL('http://127.0.0.1:2')],
    { timeoutMs: 0, connections: 1 },
    { silenceMs: 0, bytesPerSecond: 0 },
    () => now,
  );
  const [first, second] = [nodes.next()!, nodes.next()!];
  const dueAfter = (): number => {
    for (const start = now; ; now += 50) if (nodes.next() === first) return now - start;
  };
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    nodes.failed(first);
    waits.push(dueAfter());
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(nodes.next()).toBe(second);
  first.succeeded();
  expect([nodes.next(), nodes.next()]).toContain(first);
  nodes.destroy();
});
