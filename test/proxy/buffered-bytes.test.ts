import { gzipSync } from 'node:zlib';
import { eventually, exchange, proxyWithStub, RawClient, startProxy } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub({ limits: { bufferedBytes: 1000 } });

function search(length: number): string {
  return `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
}

const SEARCH = `${search(400)}${'x'.repeat(400)}`;

it('refuses with 429 a body that all requests together have no room for, and takes it once there is', async () => {
  const first = new RawClient(pair.proxy.port).send(`${search(700)}${'x'.repeat(699)}`);
  await eventually(() => pair.proxy.server.heldBytes === 699);
  // By its length alone: nothing of it need be sent.
  const { head, body } = await exchange(pair.proxy.port, search(400));
  expect(head).toMatch(/^HTTP\/1\.1 429 [\s\S]*\r\nRetry-After: 1\r\n/);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_busy_exception' }, status: 429 });
  expect(body).toContain('limits.bufferedBytes');
  first.send('x');
  await first.until(/200 OK/);
  first.close();
  expect((await exchange(pair.proxy.port, SEARCH)).head).toMatch(/^HTTP\/1\.1 200 /);
});

it('takes no room for what is only announced: clients that send nothing keep nobody out', async () => {
  const silent = Array.from({ length: 20 }, () => new RawClient(pair.proxy.port).send(`${search(900)}`));
  await eventually(() => pair.proxy.server.inFlight === 20);
  expect((await exchange(pair.proxy.port, SEARCH)).head).toMatch(/^HTTP\/1\.1 200 /);
  for (const client of silent) client.close();
});

it('refuses a body in its midst when the room is used up, and its own room is free for the others then', async () => {
  const [one, other] = [new RawClient(pair.proxy.port), new RawClient(pair.proxy.port)];
  for (const client of [one, other]) client.send(search(900));
  await eventually(() => pair.proxy.server.inFlight === 2);
  one.send('1'.repeat(600));
  other.send('2'.repeat(300));
  await eventually(() => pair.proxy.server.heldBytes === 900);
  other.send('2'.repeat(300));
  expect((await other.answer()).head).toMatch(/^HTTP\/1\.1 429 /);
  one.send('1'.repeat(300));
  expect((await one.answer()).head).toMatch(/^HTTP\/1\.1 200 /);
  expect(pair.stub.requests.map(({ body }) => body.toString())).toEqual(['1'.repeat(900)]);
  // The connection goes on after the rest that nobody wants.
  other.bytes = Buffer.alloc(0);
  other.send('2'.repeat(300)).send(SEARCH);
  expect((await other.answer()).head).toMatch(/^HTTP\/1\.1 200 /);
  one.close();
  other.close();
});

it('counts the answer of an _msearch that is completed here, and a template that is rendered', async () => {
  pair.stub.respond = () => answer(`{"responses":[${' '.repeat(500)}]}`);
  const other = new RawClient(pair.proxy.port).send(`${search(700)}${'x'.repeat(699)}`);
  await eventually(() => pair.proxy.server.heldBytes === 699);
  for (const body of ['TERRITORY REFUSED', 'TEMPLATE']) {
    const reply = await exchange(pair.proxy.port, `${search(body.length)}${body}`);
    expect(reply.head).toMatch(/^HTTP\/1\.1 429 /);
    expect(reply.body).toContain('limits.bufferedBytes');
  }
  other.close();
  await eventually(() => pair.proxy.server.heldBytes === 0);
  // All is free again.
  pair.stub.respond = () => answer('{}');
  const whole = search(990) + 'x'.repeat(990);
  expect((await exchange(pair.proxy.port, whole)).head).toMatch(/^HTTP\/1\.1 200 /);
});

it('stops to inflate where there is no room, before a bomb has taken the memory', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const small = await startProxy({ nodes: [pair.stub.url], limits: { bufferedBytes: 1_000_000 } });
  const head = `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 5);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => exchange(small.port, Buffer.concat([Buffer.from(head), bomb]))),
  );
  clearInterval(look);
  for (const { head } of answers) expect(head).toMatch(/^HTTP\/1\.1 (?:413|429) /);
  expect(peak).toBeLessThan(50_000_000);
  await small.close();
});

const chunked = (length: number): string =>
  `POST /_search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n${'x'.repeat(length)}\r\n0\r\n\r\n`;

const zipped = (length: number): Buffer => {
  const bytes = gzipSync('x'.repeat(length));
  const head = `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
};

it('counts a body that says its length only at its end, one that is inflated, and one that was rewritten', async () => {
  const other = new RawClient(pair.proxy.port).send(`${search(700)}${'x'.repeat(699)}`);
  await eventually(() => pair.proxy.server.heldBytes === 699);
  const rewritten = 'TERRITORY'.repeat(20);
  for (const request of [chunked(400), zipped(400), `${search(rewritten.length)}${rewritten}`]) {
    expect((await exchange(pair.proxy.port, request)).head).toMatch(/^HTTP\/1\.1 429 /);
  }
  expect(pair.stub.requests).toHaveLength(0);
  other.close();
});

it('tells a request that needs more than there ever is so (413), in place of to come again for ever', async () => {
  const rewritten = 'TERRITORY'.repeat(70);
  const alone = [search(1100), chunked(1100), zipped(1100), `${search(rewritten.length)}${rewritten}`];
  for (const request of alone) {
    const { head, body } = await exchange(pair.proxy.port, request);
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    expect(head).not.toMatch(/Retry-After/i);
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_too_large_exception' }, status: 413 });
    expect(body).toMatch(/1000 bytes .* raise limits\.bufferedBytes/);
  }
  expect(pair.stub.requests).toHaveLength(0);
  // As by what Elasticsearch answers where that is read whole.
  for (const encoded of [false, true]) {
    const long = Buffer.from(`{"responses":[${' '.repeat(1100)}]}`);
    pair.stub.respond = () =>
      encoded ? answer(gzipSync(long), 'content-type: application/json\r\ncontent-encoding: gzip\r\n') : answer(long);
    for (const body of encoded ? ['TEMPLATE'] : ['TERRITORY REFUSED', 'TEMPLATE']) {
      const reply = await exchange(pair.proxy.port, `${search(body.length)}${body}`);
      expect(reply.head).toMatch(/^HTTP\/1\.1 413 /);
      expect(reply.body).toContain('limits.bufferedBytes');
    }
  }
});

it('does not count what streams through', async () => {
  const body = 'x'.repeat(5000);
  const bulk = `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect((await exchange(pair.proxy.port, bulk)).head).toMatch(/^HTTP\/1\.1 200 /);
});
