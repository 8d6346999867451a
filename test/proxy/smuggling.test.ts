import { proxyWithStub, RawClient } from './support/proxy.js';

const pair = proxyWithStub();

/** A second request hidden in the first; it must never reach Elasticsearch as a request of its own. */
const HIDDEN = 'DELETE /articles HTTP/1.1\r\nHost: x\r\n\r\n';

const ATTEMPTS: readonly [name: string, bytes: string][] = [
  [
    'Content-Length beside Transfer-Encoding',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'Transfer-Encoding beside Content-Length',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'two Content-Lengths',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ],
  [
    'a list as Content-Length',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 0, ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ],
  ['a sign in Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n12345${HIDDEN}`],
  ['a hexadecimal Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n12345${HIDDEN}`],
  [
    'an unknown Transfer-Encoding',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'chunked not last',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['a coding below chunked', 'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  [
    'chunked twice',
    'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['white space before the colon', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n12345${HIDDEN}`],
  ['a folded line', `POST /_bulk HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`],
  [
    'a folded Transfer-Encoding',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['a bare CR in a header', `GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\rContent-Length: 5\r\n\r\n${HIDDEN}`],
  ['a bare LF in the head', `GET / HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n${HIDDEN}`],
  ['a NUL in a header', `GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\0\r\n\r\n${HIDDEN}`],
  [
    'an overlong chunk size',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${HIDDEN}`,
  ],
  ['junk in a chunk size', `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${HIDDEN}`],
  [
    'Transfer-Encoding in HTTP/1.0',
    `POST /_bulk HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a Transfer-Encoding beside another that hides it',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'white space before a header name',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a vertical tab before chunked',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['chunked in quotes', `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${HIDDEN}`],
  [
    'Transfer-Encoding: identity beside a length',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n12345${HIDDEN}`,
  ],
  [
    'a name that only looks like Transfer-Encoding, with a NUL',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding\0: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'the same Content-Length twice',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n12345${HIDDEN}`,
  ],
  ['a negative Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n${HIDDEN}`],
  ['an empty Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n${HIDDEN}`],
  ['two numbers in Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 5 5\r\n\r\n12345${HIDDEN}`],
  ['a fraction in Content-Length', `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 5.0\r\n\r\n12345${HIDDEN}`],
  [
    'a Content-Length beyond all numbers',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551621\r\n\r\n12345${HIDDEN}`,
  ],
  ['a negative chunk size', `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${HIDDEN}`],
  [
    'a sign in a chunk size',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n+0\r\n\r\n${HIDDEN}`,
  ],
  [
    'white space in a chunk size',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0 0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a bare LF in a chunk extension',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;\nab\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a chunk that is longer than its size',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a bare LF after a chunk size',
    `POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['a bare LF for all line ends', `GET / HTTP/1.1\nHost: x\n\n${HIDDEN}`],
  ['a header without a name', `GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n${HIDDEN}`],
  ['a line without a colon', `GET / HTTP/1.1\r\nHost: x\r\nfoo\r\n\r\n${HIDDEN}`],
  ['an unknown version', `GET / HTTP/1.2\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['HTTP/0.9', `GET /\r\n\r\n${HIDDEN}`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a whole URL as target', 'GET http://a/_search HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['the asterisk as target', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a space in the target', `GET /a HTTP/1.1 b HTTP/1.1\r\nHost: a\r\n\r\n${HIDDEN}`],
  ['no request at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
];

for (const [name, bytes] of ATTEMPTS) {
  it(`lets no request through by ${name}`, async () => {
    const client = new RawClient(pair.proxy.port).send(bytes);
    const { head } = await client.answer();
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
    await new Promise((resolve) => setTimeout(resolve, 30));
    client.close();
    // Neither what is hidden nor what hides it.
    expect(pair.stub.requests.map((request) => request.head.split('\r\n')[0])).toEqual([]);
  });
}

it('keeps the body of one request from being the next one, streamed or read', async () => {
  for (const path of ['/_bulk', '/_search']) {
    const client = new RawClient(pair.proxy.port);
    client.send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}GET /after HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    await client.until(/200 OK[\s\S]*200 OK/);
    client.close();
  }
  expect(pair.stub.requests.map(({ head }) => head.split(' ')[1]).sort()).toEqual([
    '/_bulk',
    '/_search',
    '/after',
    '/after',
  ]);
});

it('answers pipelined requests in their order, however long each takes', async () => {
  const { answer } = await import('./support/upstream.js');
  pair.stub.respond = ({ head }, socket) => {
    const slow = head.startsWith('GET /1 ');
    setTimeout(() => socket.write(answer(head.split(' ')[1]!)), slow ? 200 : 0);
    return undefined;
  };
  const client = new RawClient(pair.proxy.port);
  client.send('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n');
  const text = await client.until(/\/3$/);
  expect(text.match(/\/\d$|\/\d(?=HTTP)/gm)).toEqual(['/1', '/2', '/3']);
  client.close();
});

it('writes nothing of its own into an answer that is under way, whatever the client sends meanwhile', async () => {
  pair.stub.respond = () => 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegin';
  // On either path: the second is none that the fast one takes.
  for (const more of ['', 'TE: trailers\r\n']) {
    const client = new RawClient(pair.proxy.port).send(`GET /_cat HTTP/1.1\r\nHost: x\r\n${more}\r\n`);
    await client.until(/begin/);
    client.send('\0 no request\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(client.text).toMatch(/begin$/);
    client.close();
  }
});

it('opens no tunnel', async () => {
  const client = new RawClient(pair.proxy.port).send(`CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n${HIDDEN}`);
  await client.closed;
  expect(client.text).not.toMatch(/^HTTP\/1\.1 2/);
  expect(pair.stub.requests).toHaveLength(0);
});

it('is not talked into another protocol on the connection', async () => {
  const client = new RawClient(pair.proxy.port);
  client.send(
    `GET /up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
  );
  const { head } = await client.answer();
  expect(head).toMatch(/^HTTP\/1\.1 (?:200|4\d\d) /);
  for (const { head: sent } of pair.stub.requests) expect(sent).not.toMatch(/upgrade|http2-settings/i);
  client.close();
});

it('forgets what a chunked body says of itself after its end', async () => {
  const client = new RawClient(pair.proxy.port);
  client.send(
    'POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nAuthorization: Basic x\r\nX-T: 1\r\n\r\n',
  );
  await client.answer();
  client.send('GET /after HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/200 OK[\s\S]*200 OK/);
  const sent = pair.stub.requests.map(({ head, body }) => `${head}${body}`).join('');
  expect(sent).not.toMatch(/authorization|x-t|content-length: 99/i);
  expect(pair.stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/_bulk', '/after']);
  client.close();
});

it('answers a head that is too large with 431, and one that Elasticsearch itself should judge not at all', async () => {
  const huge = new RawClient(pair.proxy.port).send(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(300_000)}\r\n\r\n`);
  await huge.until(/^HTTP\/1\.1 431 /);
  huge.close();
  const large = new RawClient(pair.proxy.port).send(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(30_000)}\r\n\r\n`);
  await large.until(/^HTTP\/1\.1 200 /);
  large.close();
});
