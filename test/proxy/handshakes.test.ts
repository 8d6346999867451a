import { readFileSync } from 'node:fs';
import { eventually, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

function pem(name: string): Buffer {
  return readFileSync(new URL(`./support/certificates/${name}.pem`, import.meta.url));
}

let stub: StubUpstream;
let proxy: TestProxy;

async function speakingTls(headMs: number): Promise<TestProxy> {
  stub = await new StubUpstream().listen();
  proxy = await startProxy({
    nodes: [stub.url],
    tls: { cert: pem('server'), key: pem('server.key') },
    limits: { headMs },
  });
  return proxy;
}
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

it('closes although there are connections that have not shaken hands', async () => {
  const { server, port } = await speakingTls(60_000);
  const silent = [new RawClient(port), new RawClient(port).send('\x16\x03\x01')];
  await eventually(() => silent.every(({ socket }) => !socket.connecting));
  await new Promise((resolve) => setTimeout(resolve, 100));
  let ended = false;
  const closing = server.close({ graceMs: 600_000 }).then(() => {
    ended = true;
  });
  await eventually(() => ended);
  await closing;
  await Promise.all(silent.map(({ closed }) => closed));
});

it('cuts off who has not shaken hands at the hard limit too, though it came after the others were let go', async () => {
  const { server, port } = await speakingTls(60_000);
  const first = new RawClient(port);
  await eventually(() => !first.socket.connecting);
  await Promise.all([server.close({ graceMs: 600_000 }), server.close({ graceMs: 0 })]);
  await first.closed;
});

it('closes a connection that does not shake hands in time, and one that speaks something else', async () => {
  const { port } = await speakingTls(300);
  const silent = new RawClient(port);
  const plain = new RawClient(port).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const begun = new RawClient(port).send('\x16\x03\x01\x02\x00');
  let closed = 0;
  for (const client of [silent, plain, begun]) void client.closed.then(() => closed++);
  await eventually(() => closed === 3);
});
