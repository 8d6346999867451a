import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emergency } from '../../../src/stats/emergencies/emergency.js';
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
  let received: { type: string | undefined; body: string }[];
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
        received.push({ type: request.headers['content-type'], body });
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

  const webhook = (more = {}) => {
    const { port } = server.address() as AddressInfo;
    return new Webhook({
      url: new URL(`http://127.0.0.1:${port}/secret`),
      timeoutMs: 200,
      pausesMs: [1, 1],
      now: () => 5,
      ...more,
    });
  };

  it('posts JSON whose text a chat shows, with nothing in it that calls anybody', async () => {
    const entry = await webhook().announce('declared', emergency);
    expect(entry).toEqual({
      ...{ key: 'webhook:declared', time: 5, kind: 'webhook' },
      text: { en: 'the webhook was told', fr: 'le webhook a été prévenu' },
    });
    expect(received[0]?.type).toBe('application/json');
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      text: 'Emergency declared (critical) by Ada: No hits &lt;!channel&gt; &amp; more',
      event: 'declared',
      emergency: {
        ...{ id: 'x', title: emergency.title, severity: 'critical', declared: emergency.declared },
      },
    });
  });

  it('tries again where it is answered with a fault or with nothing', async () => {
    answers = [503, 'never', 200];
    expect((await webhook().announce('closed', emergency)).text.en).toBe('the webhook was told');
    expect(received).toHaveLength(3);
  });

  it.each([
    ['faults', [500, 500, 500], 'in 3 attempts: it answered 500', 3],
    ['a refusal, which is final', [404], 'in 1 attempt: it answered 404', 1],
    ['silence', ['never', 'never', 'never'], 'in 3 attempts: no answer in 200 ms', 3],
    ['a redirection, which is not followed', [302], 'in 1 attempt: it answered 302', 1],
  ] as const)('says what became of it after %s, without its address', async (_name, given, reason, times) => {
    answers = [...given];
    const { text } = await webhook().announce('declared', emergency);
    expect(text.en).toBe(`the webhook could not be told, ${reason}`);
    expect(text.en).not.toContain('secret');
    expect(received).toHaveLength(times);
  });

  it('says that nobody listens', async () => {
    const entry = await webhook({ url: new URL('http://127.0.0.1:1/secret'), pausesMs: [] }).announce(
      'declared',
      emergency,
    );
    expect(entry.text.en).toMatch(/^the webhook could not be told, in 1 attempt: /);
  });
});
