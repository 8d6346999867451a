import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { exchange, proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub({ limits: { bodyBytes: 1000 } });

function post(path: string, body: Buffer, headers = ''): Buffer {
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}

for (const path of ['/_search', '/_bulk']) {
  it(`answers 413 to ${path} when the declared length is over the limit`, async () => {
    const { head, body } = await exchange(pair.proxy.port, post(path, Buffer.alloc(1001, 0x20)));
    expect(head).toMatch(/^HTTP\/1.1 413 /);
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_too_large_exception' }, status: 413 });
  });

  it(`answers 413 to ${path} when a chunked body grows over the limit`, async () => {
    const client = new RawClient(pair.proxy.port);
    client.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 11; i++) client.send(`64\r\n${' '.repeat(100)}\r\n`);
    const { head } = await client.answer();
    expect(head).toMatch(/^HTTP\/1.1 413 /);
    client.send('0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/200 OK/);
    client.close();
  });

  it(`takes a body of exactly the limit to ${path}`, async () => {
    const { head } = await exchange(pair.proxy.port, post(path, Buffer.alloc(1000, 0x20)));
    expect(head).toMatch(/^HTTP\/1.1 200 /);
  });
}

for (const [name, zip] of [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['Deflate', deflateRawSync],
] as const) {
  it(`stops a ${name} bomb at the limit`, async () => {
    const bomb = zip(Buffer.alloc(900_000));
    const { head, body } = await exchange(pair.proxy.port, post('/_search', bomb, `Content-Encoding: ${name}\r\n`));
    expect(bomb.length).toBeLessThan(1000);
    expect(head).toMatch(/^HTTP\/1.1 413 /);
    expect(body).toContain('inflated');
    expect(pair.stub.requests).toHaveLength(0);
  });

  it(`reads a small ${name} body`, async () => {
    await exchange(pair.proxy.port, post('/_search', zip(Buffer.from('TERRITORY')), `Content-Encoding: ${name}\r\n`));
    expect(pair.stub.requests[0]!.body.toString()).toBe('[0123456789abcdef]');
  });
}

it('forwards no body that is not what its encoding says, for Elasticsearch might read more of it', async () => {
  const cut = gzipSync('TERRITORY').subarray(0, 24);
  const { head } = await exchange(pair.proxy.port, post('/_search', cut, 'Content-Encoding: gzip\r\n'));
  expect(head).toMatch(/^HTTP\/1.1 400 /);
  expect(pair.stub.requests).toHaveLength(0);
});

it('lets a client that goes on sending read that its body is too long, and cuts it off past as much again', async () => {
  const client = new RawClient(pair.proxy.port).send(
    'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n',
  );
  await client.until(/^HTTP\/1\.1 413 /);
  expect(client.socket.destroyed).toBe(false);
  client.send('x'.repeat(900));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(client.socket.destroyed).toBe(false);
  client.send('x'.repeat(900));
  await client.closed;
});
