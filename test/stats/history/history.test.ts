import { History } from '../../../src/stats/history/history.js';
import {
  type BatchId,
  type HistoryStore,
  type Mark,
  OTHER_KEY,
  type SeriesPoint,
} from '../../../src/stats/history/types.js';
import { refused, rewritten, tallyOf } from '../records.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 9);

/** A store that counts batches as a database does, and fails when a test wants it to. */
class FakeStore implements HistoryStore {
  readonly points: SeriesPoint[] = [];
  readonly written: Mark[] = [];
  readonly seen = new Set<string>();
  fails: Error | undefined;
  /** The batch is written, but the answer is lost. */
  losesAnswer = false;
  tidied = 0;

  async write(points: readonly SeriesPoint[], { writer, sequence }: BatchId): Promise<void> {
    if (this.fails !== undefined) throw this.fails;
    const id = `${writer} ${sequence}`;
    if (!this.seen.has(id)) this.points.push(...points);
    this.seen.add(id);
    if (this.losesAnswer) throw new Error('Connection terminated');
  }
  async read() {
    return this.points;
  }
  async mark(mark: Mark): Promise<void> {
    if (this.fails !== undefined) throw this.fails;
    this.written.push(mark);
  }
  async deliver(): Promise<boolean> {
    throw new Error('no delivery is told of here');
  }
  async marks() {
    return this.written;
  }
  async tidy() {
    this.tidied++;
  }
}

describe('History', () => {
  let now: number;
  let store: FakeStore;
  let history: History;
  let logged: string[];

  beforeEach(() => {
    now = START;
    store = new FakeStore();
    logged = [];
    const log = { warn: (text: string) => void logged.push(text), info: (text: string) => void logged.push(text) };
    history = new History({ kind: 'postgres', store, writeEveryMs: 1000, log, now: () => now });
  });

  const sum = (name: string, key = '') =>
    store.points.filter((point) => point.name === name && point.key === key).reduce((all, { count }) => all + count, 0);

  it('writes what was counted by the minute, in the units of the series', async () => {
    history.add(tallyOf(rewritten({ upstreamMicros: 1500, took: 3, hits: 7 })));
    now += MINUTE;
    history.add(tallyOf(rewritten(), refused(['COM:1'])));
    await history.write();
    const at = (name: string, time: number) => store.points.find((point) => point.name === name && point.time === time);
    expect(at('requests', START)).toEqual({ name: 'requests', key: 'search', time: START, count: 1, sum: 1 });
    expect(at('requests', START + MINUTE)).toMatchObject({ count: 2 });
    expect(at('upstream_seconds', START)).toMatchObject({ count: 1, sum: 0.0015 });
    expect(at('took_seconds', START)).toMatchObject({ count: 1, sum: 0.003 });
    expect(at('hits', START)).toMatchObject({ count: 1, sum: 7 });
    expect(at('unknown', START + MINUTE)).toMatchObject({ key: 'COM:1', count: 1 });
    expect(history.state()).toEqual({ store: 'postgres', ok: true, waiting: 0 });
  });

  it('counts unknown codes by the group that they lay in, and those that no tree knew in none', async () => {
    const places = {
      of: (code: string) => ({ group: code === 'COM:9' ? undefined : 'DEP:69', state: 'unknown' as const }),
    };
    history = new History({ kind: 'postgres', store, writeEveryMs: 1000, log: console, places, now: () => now });
    history.add(tallyOf(refused(['COM:1', 'COM:2', 'COM:9'])));
    await history.write();
    const points = store.points.filter(({ name }) => name === 'unknown_groups');
    expect(points.map(({ key, count }) => [key, count])).toEqual([['DEP:69', 2]]);
  });

  it('holds what comes while the store is dead, says so, and writes each thing once when it is back', async () => {
    history.add(tallyOf(rewritten()));
    store.fails = new Error('connect ECONNREFUSED');
    await history.write();
    for (let i = 0; i < 5; i++) {
      now += MINUTE;
      history.add(tallyOf(rewritten()));
      await history.write();
    }
    expect(history.state()).toMatchObject({
      ok: false,
      note: {
        en: "The history can't be written at the moment; the log says why.",
        fr: "L'historique ne peut pas être écrit pour le moment ; le journal dit pourquoi.",
      },
    });
    expect(history.state().waiting).toBeGreaterThan(6);
    expect(logged).toHaveLength(1);
    store.fails = undefined;
    await history.write();
    expect(sum('requests', 'search')).toBe(6);
    expect(history.state()).toEqual({ store: 'postgres', ok: true, waiting: 0 });
    expect(logged.at(-1)).toBe('the history is written again');
  });

  it('does not count twice what was written though the answer was lost', async () => {
    history.add(tallyOf(rewritten()));
    store.losesAnswer = true;
    await history.write();
    history.add(tallyOf(rewritten()));
    await history.write();
    store.losesAnswer = false;
    await history.write();
    await history.write();
    expect(sum('requests', 'search')).toBe(2);
  });

  it('holds an hour and no more, and counts what is lost', async () => {
    store.fails = new Error('away');
    history.record('errors', 'x', 1);
    await history.write();
    for (let i = 0; i < 100; i++) {
      now += MINUTE;
      history.record('errors', 'x', 1);
      await history.write();
    }
    expect(history.state()).toMatchObject({ waiting: 61, lost: { since: START + MINUTE, points: 40 } });
    expect(history.state().note?.en).toContain('Part of it is missing since 2026-01-05 09:01 UTC.');
    store.fails = undefined;
    await history.write();
    expect(sum('errors', 'x')).toBe(61);
    expect(history.state()).toMatchObject({ ok: true, waiting: 0, lost: { points: 40 } });
    now += 25 * 60 * MINUTE;
    expect(history.state()).not.toHaveProperty('note');
  });

  it('gives up what the store will never take, so that the rest is written', async () => {
    store.fails = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
    history.record('errors', 'x', 1);
    await history.write();
    expect(history.state()).toMatchObject({ ok: true, waiting: 0, lost: { points: 1 } });
    store.fails = undefined;
    history.record('errors', 'y', 1);
    await history.write();
    expect(sum('errors', 'y')).toBe(1);
  });

  it('says in the log that the store refused a mark, which must not be lost without a word', async () => {
    store.fails = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
    history.mark({ time: START, kind: 'delivery', text: 'a', data: {} });
    await history.write();
    store.fails = undefined;
    await history.write();
    expect(store.written).toEqual([]);
    expect(logged).toEqual(['the history refused a mark, which is lost: invalid byte sequence']);
    expect(history.state()).toMatchObject({ ok: true, lost: { since: START, points: 1 } });
  });

  it('says that marks are lost where there are too many to hold', async () => {
    store.fails = new Error('away');
    for (let i = 0; i < 203; i++) history.mark({ time: START + i, kind: 'delivery', text: String(i), data: {} });
    await history.write();
    expect(history.state().lost).toEqual({ since: START, points: 3 });
    expect(history.state().note?.en).toContain('Part of it is missing since 2026-01-05 09:00 UTC.');
    store.fails = undefined;
    await history.write();
    expect(store.written.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, i) => String(i + 3)));
  });

  it('tells of a mark that is being written, and of all in the order of their times', async () => {
    const mark = (minutes: number): Mark => ({
      time: START + minutes * MINUTE,
      kind: 'start',
      text: String(minutes),
      data: {},
    });
    store.written.push(mark(1));
    let arrive!: () => void;
    store.mark = () =>
      new Promise((resolve) => {
        arrive = resolve;
      });
    history.mark(mark(0));
    const writing = history.write();
    history.mark(mark(2));
    expect((await history.marks(0, START + 3 * MINUTE)).map(({ text }) => text)).toEqual(['0', '1', '2']);
    store.mark = async () => undefined;
    arrive();
    await writing;
  });

  it('names the largest of a flood of codes and adds up the others, and bears any key', async () => {
    for (let i = 0; i < 50_000; i++) history.record('unknown', `COM:${i}`, 1);
    history.record('unknown', 'COM:often', 500);
    history.record('unknown', `\0${'x'.repeat(10_000)}`, 400);
    await history.write();
    const points = store.points.filter(({ name }) => name === 'unknown');
    expect(points.length).toBeLessThanOrEqual(101);
    expect(points.reduce((all, { count }) => all + count, 0)).toBe(50_900);
    expect(sum('unknown', 'COM:often')).toBe(500);
    expect(sum('unknown', OTHER_KEY)).toBeGreaterThan(49_000);
    expect(Math.max(...points.map(({ key }) => key.length))).toBe(200);
    expect(points.some(({ key }) => key.includes('\0'))).toBe(false);
  });

  it('writes marks in order, and tidies up once an hour', async () => {
    const mark = (text: string): Mark => ({ time: now, kind: 'start', text, data: {} });
    history.mark(mark('one'));
    store.fails = new Error('away');
    await history.write();
    history.mark(mark('two'));
    expect(await history.marks(0, now + 1)).toHaveLength(2);
    store.fails = undefined;
    await history.write();
    expect(store.written.map(({ text }) => text)).toEqual(['one', 'two']);
    for (let i = 0; i < 90; i++) {
      now += MINUTE;
      await history.write();
    }
    expect(store.tidied).toBe(2);
  });

  it('writes what is left when it ends, but waits for no store that hangs', async () => {
    history.record('errors', 'x', 1);
    await history.close(1000);
    expect(sum('errors', 'x')).toBe(1);
    history.record('errors', 'x', 1);
    store.write = () => new Promise(() => undefined);
    // Else it never ended.
    await history.close(50);
  });
});
