import { eventually, exchange, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

/** Far more than the buffers between two sockets of this machine hold. */
const BIG = Buffer.alloc(30_000_000, 'x');
let stub: StubUpstream;
let proxy: TestProxy;

/** Before an Elasticsearch that answers much. */
async function start(silenceMs: number): Promise<void> {
  stub = await new StubUpstream(({ head }) => answer(head.includes('/big') ? BIG : '{}')).listen();
  proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 2 }, limits: { silenceMs } });
}

afterEach(async () => {
  await proxy.close();
  await stub.close();
});

describe('a client that takes nothing', () => {
  beforeEach(() => start(400));

  it('cuts off clients that take nothing of their answers, so that the connections to Elasticsearch serve others', async () => {
    const deaf = [1, 2].map(() => {
      const client = new RawClient(proxy.port);
      client.socket.pause();
      return client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    await stub.received(2);
    expect((await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/ 200 /);
    await eventually(() => proxy.server.inFlight === 0);
    for (const client of deaf) client.close();
  });

  for (const [name, host] of [
    ['plain', 'Host: x'],
    ['not plain', 'Host:x'],
  ]) {
    it(`cuts off a client that takes nothing though it goes on sending, where its requests are ${name}`, async () => {
      const client = new RawClient(proxy.port).send(`GET /big HTTP/1.1\r\n${host}\r\n\r\n`);
      client.socket.pause();
      const more = setInterval(() => client.socket.write('G'), 50);
      await eventually(() => proxy.records.length === 1);
      expect(proxy.records).toMatchObject([{ outcome: 'failed' }]);
      clearInterval(more);
      client.close();
    });
  }

  it('never tells of an answer that was cut off in its last bytes as one that was passed on', async () => {
    // Somewhere here the buffers between the two sockets are full, and the rest waits in the proxy.
    for (let length = 3_000_000, failed = 0; failed < 3; length += 20_000) {
      proxy.records.length = 0;
      stub.respond = () => answer(Buffer.alloc(length, 'x'));
      const client = new RawClient(proxy.port);
      client.socket.pause();
      client.send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
      await eventually(() => proxy.records.length === 1);
      if (proxy.records[0]!.outcome === 'failed') failed++;
      else {
        client.socket.resume();
        await eventually(() => client.bytes.length > length || client.socket.destroyed);
        expect(client.bytes.length).toBeGreaterThan(length);
      }
      client.close();
    }
  });
});

describe('a client that takes its time', () => {
  /** So long that no pause of the machine is taken for one of the client. */
  const PATIENT_MS = 1500;
  beforeEach(() => start(PATIENT_MS));

  it('keeps a connection open after an answer that had to wait, for as long as the client likes', async () => {
    const client = new RawClient(proxy.port);
    client.socket.pause();
    client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    await stub.received(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    let got = 0;
    client.socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
      got += chunk.length;
    });
    client.socket.resume();
    await eventually(() => got > BIG.length);
    await new Promise((resolve) => setTimeout(resolve, 1.2 * PATIENT_MS));
    expect(client.socket.destroyed).toBe(false);
    client.close();
  });

  it('leaves a client alone that reads slowly, longer than it may be silent', async () => {
    const client = new RawClient(proxy.port);
    let got = 0;
    let cut = false;
    client.socket.removeAllListeners('data').on('close', () => {
      cut = true;
    });
    client.socket.on('data', (chunk: Buffer) => {
      got += chunk.length;
      if (performance.now() - began > 2 * PATIENT_MS) return;
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 5);
    });
    const began = performance.now();
    client.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => got > BIG.length);
    expect(cut).toBe(false);
    client.close();
  });
});
