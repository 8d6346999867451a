import { gzipSync } from 'node:zlib';
import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub({ limits: { bufferedBytes: 1000 } });

function search(length: number): string {
  return `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
}

it('refuses with 429 a body that all requests together have no room for, and takes it once there is', async () => {
  const first = new RawClient(pair.proxy.port).send(`${search(700)}{`);
  await eventually(() => pair.proxy.server.inFlight === 1);
  const { head, body } = await exchange(pair.proxy.port, `${search(400)}${'x'.repeat(400)}`);
  expect(head).toMatch(/^HTTP\/1\.1 429 [\s\S]*\r\nRetry-After: 1\r\n/);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_busy_exception' }, status: 429 });
  expect(body).toContain('limits.bufferedBytes');
  first.send('x'.repeat(699));
  await first.until(/200 OK/);
  first.close();
  expect((await exchange(pair.proxy.port, `${search(400)}${'x'.repeat(400)}`)).head).toMatch(/^HTTP\/1\.1 200 /);
});

it('counts a body that says its length only at its end, one that is inflated, and one that was rewritten', async () => {
  const chunked = `POST /_search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n44c\r\n${'x'.repeat(1100)}\r\n0\r\n\r\n`;
  expect((await exchange(pair.proxy.port, chunked)).head).toMatch(/^HTTP\/1\.1 429 /);
  const zipped = gzipSync('x'.repeat(1100));
  const head = `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`;
  expect((await exchange(pair.proxy.port, Buffer.concat([Buffer.from(head), zipped]))).head).toMatch(/ 429 /);
  const rewritten = 'TERRITORY'.repeat(70);
  expect((await exchange(pair.proxy.port, `${search(rewritten.length)}${rewritten}`)).head).toMatch(/ 429 /);
  expect(pair.stub.requests).toHaveLength(0);
});

it('does not count what streams through', async () => {
  const body = 'x'.repeat(5000);
  const bulk = `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect((await exchange(pair.proxy.port, bulk)).head).toMatch(/^HTTP\/1\.1 200 /);
});
