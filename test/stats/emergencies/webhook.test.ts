import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emergency } from '../../../src/stats/emergencies/emergency.js';
import { noticeOf } from '../../../src/stats/emergencies/notice.js';
import { Webhook } from '../../../src/stats/emergencies/webhook.js';

const emergency: Emergency = {
  id: 'x',
  revision: 1,
  title: 'No hits <!channel> & more',
  severity: 'critical',
  declared: { time: 1, by: 'Ada' },
  steps: [],
};

describe('the webhook', () => {
  let server: Server;
  let received: { type: string | undefined; key: unknown; body: string }[];
  let answers: (number | 'never')[];

  beforeEach(async () => {
    received = [];
    answers = [];
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ type: request.headers['content-type'], key: request.headers['idempotency-key'], body });
        const answer = answers.shift() ?? 200;
        if (answer === 'never') return;
        response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const webhook = (waitMs = 60_000) =>
    new Webhook(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`), waitMs);
  const declared = noticeOf('declared', emergency);

  it('posts JSON whose text a chat shows, with nothing in it that calls anybody, and an id to tell repeats by', async () => {
    expect(await webhook().post(declared)).toBeUndefined();
    expect(received[0]).toMatchObject({ type: 'application/json', key: 'x:declared' });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      id: 'x:declared',
      text: 'Emergency declared (critical) by Ada: No hits &lt;!channel&gt; &amp; more',
      event: 'declared',
      emergency: {
        ...{ id: 'x', title: emergency.title, severity: 'critical', declared: emergency.declared },
      },
    });
  });

  it.each([
    ['a fault', 500, { reason: 'it answered 500', final: false }],
    ['a refusal, which is final', 404, { reason: 'it answered 404', final: true }],
    ['too many requests', 429, { reason: 'it answered 429', final: false }],
    ['a redirection, which is not followed', 302, { reason: 'it answered 302', final: true }],
  ] as const)('says what went wrong after %s, without its address', async (_name, given, problem) => {
    answers = [given];
    expect(await webhook().post(declared)).toEqual(problem);
    expect(received).toHaveLength(1);
  });

  it('says that no answer came in time', async () => {
    answers = ['never'];
    expect(await webhook(200).post(declared)).toEqual({ reason: 'no answer in 200 ms', final: false });
  });

  it('says that nobody listens', async () => {
    const problem = await new Webhook(new URL('http://127.0.0.1:1/secret')).post(declared);
    expect(problem).toEqual({ reason: expect.not.stringContaining('secret'), final: false });
  });
});
