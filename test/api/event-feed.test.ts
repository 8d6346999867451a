import { EventFeed, type Listener } from '../../src/api/event-feed.js';

function listener(): Listener & { readonly heard: string[]; ended: boolean; stuck: number } {
  const heard: string[] = [];
  return {
    heard,
    ended: false,
    stuck: 0,
    write: (text) => void heard.push(text),
    waiting() {
      return this.stuck;
    },
    end() {
      this.ended = true;
    },
  };
}

describe('the feed of events', () => {
  const failures: unknown[] = [];
  let value = 1;
  const make = (listeners = 2) =>
    new EventFeed(
      {
        stats: () => value,
        broken: () => {
          throw new Error('no');
        },
      },
      { hello: () => ({ build: 'x' }), beatMs: 1_000_000, listeners, failed: (error) => failures.push(error) },
    );

  it('greets, sends what is new and nothing twice, and lives with a source that fails', async () => {
    const feed = make();
    const one = listener();
    feed.add(one);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await feed.beat();
    value = 2;
    await feed.beat();
    expect(one.heard[0]).toBe('event: hello\ndata: {"build":"x"}\n\n');
    expect(one.heard.filter((text) => text.startsWith('event: stats'))).toEqual([
      'event: stats\ndata: 1\n\n',
      'event: stats\ndata: 2\n\n',
    ]);
    expect(one.heard.filter((text) => text.startsWith('event: beat')).length).toBe(3);
    expect(failures.length).toBe(3);
    const late = listener();
    feed.add(late);
    expect(late.heard.at(-1)).toBe('event: stats\ndata: 2\n\n');
    feed.close();
  });

  it('takes no more listeners than it may, and none when it is closed', () => {
    const feed = make(1);
    const remove = feed.add(listener());
    expect(() => feed.add(listener())).toThrow('1 clients listen to events already');
    remove();
    const last = listener();
    feed.add(last);
    feed.close();
    expect(last.ended).toBe(true);
    expect(feed.size).toBe(0);
    expect(() => feed.add(listener())).toThrow('the proxy is ending');
  });

  it('sends away who takes nothing', async () => {
    const feed = make();
    const slow = listener();
    feed.add(slow);
    slow.stuck = 2 * 1024 * 1024;
    await feed.beat();
    await feed.beat();
    expect([slow.ended, feed.size]).toEqual([true, 0]);
  });
});
