import { exchange, proxyWithStub } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub();

const BODIES: readonly [name: string, body: string | Buffer][] = [
  ['integers over 53 bits, 1.0, 1e400, -0', '{"a":12345678901234567890,"b":1.0,"c":1e400,"d":-0}'],
  ['duplicate keys', '{"query":{"match_all":{}},"query":{"match_none":{}}}'],
  ['comments', '{/* a */"size":0//b\n}'],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"size":0}')])],
  ['odd white space', ' \t\r\n{ "size"\n:\t0 }\r\n\r\n'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x80, 0x7d])],
  ['cut JSON', '{"query":{"bool":'],
  ['depth', `${'['.repeat(5000)}${']'.repeat(5000)}`],
];

for (const path of ['/articles/_search', '/articles/_doc/1']) {
  for (const [name, body] of BODIES) {
    it(`passes a body with ${name} to ${path} byte for byte, and the answer back`, async () => {
      const bytes = Buffer.from(body as string);
      pair.stub.respond = () => answer(bytes);
      const { body: back } = await exchange(
        pair.proxy.port,
        Buffer.concat([
          Buffer.from(
            `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`,
          ),
          bytes,
        ]),
      );
      const [request] = await pair.stub.received(1);
      expect(request!.body.equals(bytes)).toBe(true);
      expect(Buffer.from(back, 'latin1').equals(bytes)).toBe(true);
    });
  }
}

it('leaves the target as it stands on the wire', async () => {
  const targets = [
    '/a%2Fb/_search?q=a+b;c&d=%26',
    '/%3Clogs-%7Bnow%2Fd%7D%3E/_search',
    '//a//_search/?pretty',
    '/a/../b/./_search',
    '/caf%C3%A9/_doc/%20?source=%7B%7D&source_content_type=application/json',
    '/a?b#c',
  ];
  for (const target of targets) await exchange(pair.proxy.port, `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(pair.stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(targets);
});
