import { eventually, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

let stub: StubUpstream;
let proxy: TestProxy;
let release: () => void;

beforeEach(async () => {
  const held: (() => void)[] = [];
  release = () => {
    for (const send of held.splice(0)) send();
    // The next ones wait no more.
    stub.respond = ({ head }) => answer(head.split(' ')[1]!);
  };
  stub = await new StubUpstream(({ head }, socket) => {
    held.push(() => socket.write(answer(head.split(' ')[1]!)));
    return undefined;
  }).listen();
  proxy = await startProxy({ nodes: [stub.url] });
});
afterEach(async () => {
  await proxy.close();
  await stub.close();
});

const GARBAGE = 'XX no request\r\n\r\n';
const put = (path: string, host: string): string => `PUT ${path} HTTP/1.1\r\n${host}\r\nContent-Length: 2\r\n\r\n{}`;
const statuses = ({ text }: RawClient): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, s]) => s!);

for (const [name, host] of [
  ['plain', 'Host: x'],
  ['not plain', 'Host:x'],
] as const) {
  describe(`behind requests that are ${name}`, () => {
    for (const [what, behind] of [
      ['no request', GARBAGE],
      ['a body longer than its length', '}'],
      [
        'a request whose body is no chunks',
        `POST /_bulk HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      ],
    ] as const) {
      it(`answers first what was carried out, and 400 to ${what} then`, async () => {
        const client = new RawClient(proxy.port).send(`${put('/1', host)}${put('/2', host)}${behind}`);
        await stub.received(1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(client.text).toBe('');
        // That it goes on changes nothing.
        client.send(GARBAGE.repeat(3));
        await new Promise((resolve) => setTimeout(resolve, 50));
        release();
        await eventually(() => statuses(client).length === 3);
        expect(statuses(client)).toEqual(['200', '200', '400']);
        expect(client.text).toMatch(/\r\n\r\n\/1HTTP[\s\S]*\r\n\r\n\/2HTTP[\s\S]*\r\nConnection: close\r\n\r\n\{/);
        await client.closed;
        expect(stub.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/1', '/2']);
        await eventually(() => proxy.server.inFlight === 0);
      });
    }

    it('answers what ends the connection, and nothing that comes after it', async () => {
      const close = put('/1', `${host}\r\nConnection: close`);
      const client = new RawClient(proxy.port).send(`${close}${put('/2', host)}`);
      await stub.received(1);
      release();
      await client.closed;
      expect(statuses(client)).toEqual(['200']);
      expect(stub.requests).toHaveLength(1);
    });
  });
}
