import { createServer, type Socket } from 'node:net';
import { type Changes, eventually, exchange, RawClient, startProxy, type TestProxy, until } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

const SEARCH = 'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n';
const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';
/** Each byte is a sign of life, none of them brings the body to its end before the test is over. */
const DRIP_MS = 40;
/** So much longer that no pause of the machine is taken for the silence of a client. */
const SILENCE_MS = 1000;

let stub: StubUpstream;
let proxy: TestProxy;
let drips: { client: RawClient; stop: () => void }[] = [];

beforeEach(async () => {
  stub = await new StubUpstream().listen();
});
afterEach(async () => {
  for (const { client, stop } of drips) {
    stop();
    client.close();
  }
  drips = [];
  await proxy.close();
  await stub.close();
});

async function start(limits: Changes['limits'], connections: number): Promise<void> {
  const pace = { silenceMs: SILENCE_MS, leastBytesPerSecond: 1000 };
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections }, limits: { ...pace, ...limits } });
}

/** A client that sends a byte of a body now and then. */
function drip(path: string, framing: 'length' | 'chunks', first = ''): RawClient {
  const head = framing === 'length' ? 'Content-Length: 900' : 'Transfer-Encoding: chunked';
  const framed = (bytes: string): string =>
    framing === 'length' ? bytes : `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
  const client = new RawClient(proxy.port).send(`POST ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
  if (first !== '') client.send(framed(first));
  const timer = setInterval(() => client.send(framed('x')), DRIP_MS);
  drips.push({ client, stop: () => clearInterval(timer) });
  return client;
}

/** Asks until it is served, as `Retry-After` says. */
async function served(request: string): Promise<number> {
  for (let refused = 0; ; refused++) {
    const { head } = await exchange(proxy.port, request);
    if (/ 200 /.test(head)) return refused;
    expect(head).toMatch(/ 429 /);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function expectTold(clients: RawClient[]): void {
  const told = clients.filter(({ text }) => / 429 /.test(text));
  expect(told.length).toBeGreaterThan(0);
  for (const { text } of told) {
    expect(text).toMatch(/\r\nRetry-After: 1\r\n/);
    expect(text).toContain('"type":"territory_busy_exception"');
    expect(text).toContain('limits.leastBytesPerSecond');
  }
}

for (const framing of ['length', 'chunks'] as const) {
  describe(`bodies of one byte now and then, with their ${framing}`, () => {
    it('keep no connection to Elasticsearch from who waits for one', async () => {
      await start({}, 2);
      const slow = [drip('/_bulk', framing), drip('/_bulk', framing)];
      await eventually(() => stub.connections === 2);
      expect((await exchange(proxy.port, GET)).head).toMatch(/ 200 /);
      await eventually(() => slow.some(({ text }) => / 429 /.test(text)));
      expectTold(slow);
    });

    it('keep no place that others are refused for, where they are read', async () => {
      await start({ inFlight: 2 }, 16);
      const slow = [drip('/_search', framing), drip('/_search', framing)];
      await eventually(() => proxy.server.inFlight === 2);
      expect(await served(GET)).toBeGreaterThan(0);
      expectTold(slow);
    });

    it('keep no place that others are refused for, where they stream through', async () => {
      await start({ inFlight: 2 }, 16);
      const slow = [drip('/_bulk', framing), drip('/_bulk', framing)];
      await eventually(() => proxy.server.inFlight === 2);
      expect(await served(GET)).toBeGreaterThan(0);
      expectTold(slow);
    });

    it('keep no memory that others are refused for', async () => {
      await start({ bufferedBytes: 1000 }, 16);
      // Elsewhere in the queue of those that are read: one that keeps little.
      const slow = [drip('/_search', framing), drip('/_search', framing, 'x'.repeat(700))];
      await eventually(() => proxy.server.heldBytes > 700);
      expect(await served(`${SEARCH}${'x'.repeat(400)}`)).toBeGreaterThan(0);
      expectTold(slow);
    });

    it('may take as long as they like where nobody else needs what they keep', async () => {
      await start({ inFlight: 2, bufferedBytes: 1000 }, 2);
      const slow = [drip('/_bulk', framing), drip('/_search', framing)];
      await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS));
      for (const { text, socket } of slow) expect([text, socket.destroyed]).toEqual(['', false]);
    });
  });
}

describe('an upload that Elasticsearch takes nothing of', () => {
  const held = new Set<Socket>();
  const stuck = createServer((socket) => {
    held.add(socket.pause().on('error', () => socket.destroy()));
  });

  beforeEach(async () => {
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
    proxy = await startProxy({
      nodes: [new URL(`http://127.0.0.1:${(stuck.address() as { port: number }).port}`)],
      upstream: { connections: 1 },
      limits: { silenceMs: 2 * SILENCE_MS, leastBytesPerSecond: 1_000_000_000 },
    });
  });
  afterEach(() => {
    stuck.close();
    for (const socket of held) socket.destroy();
  });

  it('is not given up for what its client could not send in that time', async () => {
    const client = new RawClient(proxy.port).send(
      'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    await until(
      () => proxy.server.heldBytes > 0,
      async () => client.send(chunk),
    );
    const waiting = new RawClient(proxy.port).send(GET);
    await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS + 500));
    for (const socket of held) {
      socket.resume().on('data', (bytes) => {
        if (bytes.toString('latin1').endsWith('0\r\n\r\n')) socket.write(answer('{}'));
      });
    }
    await eventually(() => proxy.server.heldBytes === 0);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(client.text).toBe('');
    client.send('0\r\n\r\n');
    await client.until(/200 OK/);
    waiting.close();
    client.close();
  });
});
