import type { UpstreamAuth } from '../../src/proxy/options.js';
import { exchange, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

const CASES: readonly [auth: UpstreamAuth | null, user: string, sent: string | undefined][] = [
  [{ username: 'elastic', password: 'a:ü' }, '', `Basic ${Buffer.from('elastic:a:ü').toString('base64')}`],
  [{ apiKey: 'abc==' }, '', 'ApiKey abc=='],
  [{ bearer: 'tok' }, '', 'Bearer tok'],
  [null, 'u:p%40@', `Basic ${Buffer.from('u:p@').toString('base64')}`],
  [null, '', undefined],
];

for (const [auth, user, sent] of CASES) {
  it(`sends ${sent?.split(' ')[0] ?? 'nothing'} where the client sends no credentials, for ${JSON.stringify(auth)}, else the client's own`, async () => {
    const stub = await new StubUpstream().listen();
    const proxy = await startProxy({ nodes: [new URL(`http://${user}127.0.0.1:${stub.port}`)], upstream: { auth } });
    await exchange(proxy.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    await exchange(
      proxy.port,
      'GET /a HTTP/1.1\r\nHost: x\r\nAUTHORIZATION: Basic own\r\nConnection: authorization\r\n\r\n',
    );
    const sentOn = stub.requests.map(({ head }) =>
      [...head.matchAll(/^authorization: (.*)\r$/gim)].map(([, one]) => one),
    );
    expect(sentOn).toEqual([sent === undefined ? [] : [sent], ['Basic own']]);
    await proxy.close();
    await stub.close();
  });
}
