import type { Observer } from '../../src/stats/record.js';
import { eventually, RawClient, startProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

let stub: StubUpstream;

beforeEach(async () => {
  stub = await new StubUpstream(({ head }) => answer(head.split(' ')[1]!)).listen();
});
afterEach(() => stub.close());

const bug = (): never => {
  throw new Error('a bug in the statistics');
};

for (const [name, observer] of [
  ['that wants the record of each request', { request: bug }],
  ['that wants none of those which passed', { request: bug, passed: bug }],
] as [string, Observer][]) {
  it(`answers all requests of a connection where the observer ${name} throws, and tells what it threw`, async () => {
    const thrown: unknown[] = [];
    const proxy = await startProxy({ nodes: [stub.url], observer, observerFailed: (error) => thrown.push(error) });
    const client = new RawClient(proxy.port);
    // One that passes, one that is rewritten, one that is refused, and one of node:http.
    const search = (body: string) =>
      `POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    client.send(`GET /1 HTTP/1.1\r\nHost: x\r\n\r\n${search('TERRITORY')}${search('NOWHERE')}`);
    client.send('GET /2 HTTP/1.1\r\nHost:x\r\n\r\n');
    const text = await client.until(/\/2$/);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200']);
    await eventually(() => thrown.length === 4 && proxy.server.inFlight === 0);
    expect(thrown[0]).toMatchObject({ message: 'a bug in the statistics' });
    client.close();
    await proxy.close();
  });
}
