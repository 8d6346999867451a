import { proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub({ limits: { bodyBytes: 1000 } });

for (const path of ['/_search', '/_bulk']) {
  it(`asks for the body of ${path}, then forwards it without Expect`, async () => {
    const client = new RawClient(pair.proxy.port);
    client.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('{}');
    await client.until(/200 OK/);
    expect(pair.stub.requests[0]!.head).not.toMatch(/expect/i);
    expect(pair.stub.requests[0]!.body.toString()).toBe('{}');
    client.close();
  });

  it(`refuses a body of ${path} that is too long before it is sent`, async () => {
    const client = new RawClient(pair.proxy.port);
    client.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n`);
    const { head } = await client.answer();
    expect(head).toMatch(/^HTTP\/1.1 413 /);
    expect(head).toMatch(/connection: close/i);
    await client.closed;
  });
}

it('answers 417 to any other expectation', async () => {
  const client = new RawClient(pair.proxy.port);
  client.send('POST /_bulk HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\n{}');
  const { head } = await client.answer();
  expect(head).toMatch(/^HTTP\/1.1 417 /);
  expect(pair.stub.requests).toHaveLength(0);
  client.close();
});
