import { Announcer } from '../../../src/stats/emergencies/announcer.js';
import type { Emergency, FilledEntry } from '../../../src/stats/emergencies/emergency.js';
import { type Notice, type NoticeMessage, noticeOf, type Outbox } from '../../../src/stats/emergencies/notice.js';
import type { WebhookProblem } from '../../../src/stats/emergencies/webhook.js';

const emergency: Emergency = {
  ...{ id: 'x', revision: 1, title: 'No hits', severity: 'critical', declared: { time: 1, by: 'Ada' }, steps: [] },
};
const declared = noticeOf('declared', emergency);
const DAY = 86_400_000;
const FAULT: WebhookProblem = { reason: 'it answered 503', final: false };

/** One notice in memory: due at once when it is put back, as if the pause were over. */
class OneNotice implements Outbox {
  readonly pauses: number[] = [];
  readonly entries: FilledEntry[] = [];
  broken = false;
  #attempt = 0;
  #waits = true;

  constructor(readonly ageMs = 0) {}

  async take(): Promise<Notice | undefined> {
    if (this.broken) throw new Error('connect ECONNREFUSED');
    if (!this.#waits) return undefined;
    this.#waits = false;
    return { message: declared, attempt: ++this.#attempt, ageMs: this.ageMs };
  }

  async putBack(_message: NoticeMessage, dueInMs: number, entry?: FilledEntry): Promise<void> {
    this.pauses.push(dueInMs);
    if (entry !== undefined) this.entries.push(entry);
    this.#waits = true;
  }

  async settle(_message: NoticeMessage, entry: FilledEntry): Promise<void> {
    this.entries.push(entry);
  }
}

function setUp(outbox: OneNotice, answers: (WebhookProblem | undefined)[]) {
  const posted: NoticeMessage[] = [];
  const failures: unknown[] = [];
  let settled: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settled = resolve;
  });
  const announcer = new Announcer({
    outbox,
    webhook: {
      post: async (message) => {
        posted.push(message);
        return answers.shift();
      },
    },
    told: (_notice, { key }) => {
      if (!key.endsWith(':late')) settled();
    },
    failed: (error) => {
      failures.push(error);
      outbox.broken = false;
    },
    everyMs: 1,
    now: () => 5,
  });
  return { announcer, posted, failures, done };
}

describe('the announcer', () => {
  it('tells what waits, and fills the timeline with that', async () => {
    const outbox = new OneNotice();
    const { announcer, posted, done } = setUp(outbox, [undefined]);
    announcer.wake();
    await done;
    await announcer.stop();
    expect(posted).toEqual([declared]);
    expect(outbox.entries).toEqual([
      {
        ...{ key: 'webhook:declared', time: 5, kind: 'webhook' },
        text: { en: 'the webhook was told', fr: 'le webhook a été prévenu' },
      },
    ]);
  });

  it('tries again after pauses that grow up to ten minutes, with the same id, and says once that it takes long', async () => {
    const outbox = new OneNotice();
    const { announcer, posted, done } = setUp(outbox, [...Array.from({ length: 7 }, () => FAULT), undefined]);
    announcer.wake();
    await done;
    await announcer.stop();
    expect(outbox.pauses).toEqual([1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000]);
    expect(new Set(posted.map(({ id }) => id))).toEqual(new Set(['x:declared']));
    expect(outbox.entries.map(({ key, text }) => [key, text.en])).toEqual([
      ['webhook:declared:late', 'the webhook could not be told yet, in 4 attempts: it answered 503; it is tried again'],
      ['webhook:declared', 'the webhook was told'],
    ]);
  });

  it.each([
    ['is refused for good', 0, [{ reason: 'it answered 404', final: true }], 'it answered 404', 1],
    ['is a day old', DAY + 1, [], 'a day has passed', 0],
  ])('gives up what %s, and says so', async (_name, ageMs, answers, reason, times) => {
    const outbox = new OneNotice(ageMs);
    const { announcer, posted, done } = setUp(outbox, answers);
    announcer.wake();
    await done;
    await announcer.stop();
    expect(posted).toHaveLength(times);
    expect(outbox.entries.map(({ text }) => text.en)).toEqual([
      `the webhook could not be told, in 1 attempt: ${reason}`,
    ]);
  });

  it('goes on by itself after a store that was away', async () => {
    const outbox = new OneNotice();
    outbox.broken = true;
    const { announcer, posted, failures, done } = setUp(outbox, [undefined]);
    announcer.wake();
    await done;
    await announcer.stop();
    expect(failures).toHaveLength(1);
    expect(posted).toHaveLength(1);
  });

  it('takes nothing any more once it was stopped', async () => {
    const { announcer, posted } = setUp(new OneNotice(), []);
    await announcer.stop();
    announcer.wake();
    await announcer.stop();
    expect(posted).toEqual([]);
  });
});
