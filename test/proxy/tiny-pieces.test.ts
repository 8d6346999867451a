import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GatheredBody } from '../../src/proxy/gathered-body.js';
import { eventually, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is really kept, in bytes: heap and buffers, without garbage. */
function kept(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('keeps a body that comes in a million chunks of one byte in about a million bytes', async () => {
  const client = new RawClient(pair.proxy.port).send(
    'POST /_search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  await eventually(() => pair.proxy.server.inFlight === 1);
  const chunks = Buffer.from('1\r\nx\r\n'.repeat(100_000));
  const before = kept();
  for (let i = 0; i < 10; i++) await new Promise((resolve) => client.socket.write(chunks, resolve));
  // The last ones are on their way still.
  await eventually(() => pair.proxy.server.heldBytes > 950_000);
  expect(kept() - before).toBeLessThan(20_000_000);
  client.send('0\r\n\r\n');
  await client.until(/200 OK/);
  expect(pair.stub.requests[0]!.body.equals(Buffer.alloc(1_000_000, 'x'))).toBe(true);
  client.close();
});

it('gathers pieces of any lengths in their order', () => {
  for (const lengths of [
    [],
    [0],
    [1],
    [70_000],
    [1, 70_000, 1],
    Array.from({ length: 3000 }, (_, i) => (i * i) % 997),
  ]) {
    const gathered = new GatheredBody();
    const pieces = lengths.map((length, i) => Buffer.alloc(length, i));
    for (const piece of pieces) gathered.add(piece);
    expect(gathered.length).toBe(lengths.reduce((sum, length) => sum + length, 0));
    expect(gathered.whole().equals(Buffer.concat(pieces))).toBe(true);
  }
});
