import { Standup } from '../../../src/stats/anomalies/standup.js';
import type { HistoryQuery, HistoryState, Mark, SeriesPoint } from '../../../src/stats/history/types.js';

const NOW = Date.UTC(2026, 10, 24, 8, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A history in memory: points of minutes, and of hours and days that are their sums. */
class MemoryHistory {
  points: SeriesPoint[] = [];
  written: Mark[] = [];
  ok = true;
  broken = false;
  asked: HistoryQuery[] = [];

  add(name: SeriesPoint['name'], key: string, time: number, count: number): void {
    this.points.push({ name, key, time, count, sum: count });
  }

  async read(query: HistoryQuery): Promise<SeriesPoint[]> {
    if (this.broken) throw new Error('gone');
    this.asked.push(query);
    const { names, from, to, step } = query;
    const width = { minute: MINUTE, hour: HOUR, day: DAY }[step];
    const sums = new Map<string, SeriesPoint>();
    for (const point of this.points) {
      const time = Math.floor(point.time / width) * width;
      if (time < from || time >= to || names?.includes(point.name) === false) continue;
      const id = `${point.name} ${point.key} ${time}`;
      const { count = 0 } = sums.get(id) ?? {};
      sums.set(id, { ...point, time, count: count + point.count, sum: count + point.count });
    }
    return [...sums.values()];
  }

  async marks(from: number, to: number): Promise<Mark[]> {
    if (this.broken) throw new Error('gone');
    return this.written.filter(({ time }) => time >= from && time < to);
  }

  state(): HistoryState {
    const note = { en: "The history can't be written.", fr: 'L’historique ne peut pas être écrit.' };
    return { store: 'embedded', ok: this.ok, waiting: 0, ...(this.ok ? {} : { note }) };
  }
}

function setUp(now = NOW) {
  const history = new MemoryHistory();
  const failures: unknown[] = [];
  const state: { emergency?: { id: string; title: string; severity: string; since: number }; now: number } = {
    now,
  };
  const standup = new Standup(
    {
      history,
      label: (code) => (code === 'DEP:01' ? 'Ain' : undefined),
      sketch: () => undefined,
      emergency: async () => state.emergency,
      failed: (error) => void failures.push(error),
    },
    { timeZone: 'Europe/Paris', now: () => state.now },
  );
  return { history, standup, failures, state };
}

const lostRhone: Mark = {
  kind: 'tree',
  time: NOW - 3 * MINUTE,
  text: 'a new tree',
  data: {
    ...{
      from: 'a',
      to: 'b',
      levels: { DEP: 100 },
      levelsBefore: { DEP: 101 },
      added: {},
      removed: { DEP: 1, COM: 68 },
    },
    units: [{ code: 'DEP:69', label: 'Rhône', change: 'removed', others: [] }],
  },
};

describe('the stand-up', () => {
  it('says that nothing was looked at, then that all is well, once and not twice', async () => {
    const { standup } = setUp();
    expect(standup.report(true).sentence.en).toBe('Nothing was looked at yet.');
    await standup.look();
    expect(standup.report(true)).toMatchObject({
      state: 'well',
      sentence: { en: 'Nothing unusual so far.', fr: 'Rien d’inhabituel jusqu’ici.' },
      learning: { en: expect.stringMatching(/^Learning: 0 of 14 days of history are there\. From 8 December on/) },
      anomalies: [],
    });
  });

  it('misses a loader in the night of the clock change too: the hour that is left out is no hour without traffic', async () => {
    // A Sunday, four in the morning but for two minutes; it is the third hour of that day.
    const now = Date.UTC(2027, 2, 28, 1, 58);
    const { standup, history } = setUp(now);
    for (let time = now - 42 * DAY; time < now; time += HOUR) history.add('requests', 'search', time, 100);
    for (let day = 40; day >= 0; day--) history.add('deliveries', 'AMEND', now - 30 * HOUR - day * DAY, 40);
    await standup.look();
    expect(standup.report(true).anomalies.map(({ series }) => series)).toContain('deliveries');
  });

  it('reads codes as clients wrote them as one sum, for there may be any number of them', async () => {
    const { history, standup } = setUp();
    await standup.look();
    const asked = history.asked.filter(({ names }) => names?.some((name) => name === 'unknown' || name === 'former'));
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked) expect(query).toMatchObject({ names: ['unknown', 'former'], total: true });
  });

  it('tells of a department that a new tree lost from the first search that suffers, with a fresh history', async () => {
    const { standup, history, state } = setUp();
    for (let i = 40; i > 3; i--) {
      history.add('requests', 'search', NOW - i * MINUTE, 10);
      history.add('searches', 'DEP:69', NOW - i * MINUTE, 2);
    }
    history.written.push({ ...lostRhone });
    await standup.look();
    expect(standup.report(true).sentence).toEqual({
      en: 'Unusual since Tuesday 09:27, after a new tree: 69 units lost from the map.',
      fr: 'Inhabituel depuis mardi 09:27, après un changement de carte : 69 unités perdues par la carte.',
    });
    expect(standup.report(true).anomalies[0]?.sentence.en).toMatch(
      /^The map lost 69 units that nothing took over; the tree changed on Tuesday 09:27 \(1 department and 68 communes removed\)$/,
    );
    history.add('requests', 'search', NOW - MINUTE, 1);
    history.add('errors', 'unknown_unit_exception', NOW - MINUTE, 1);
    history.add('unknown', 'COM:69123', NOW - MINUTE, 1);
    history.add('unknown_groups', 'DEP:69', NOW - MINUTE, 1);
    state.now += 20_000;
    await standup.look();
    const { state: word, anomalies } = standup.report(true);
    expect(word).toBe('look');
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({
      id: 'unknown_groups:DEP:69',
      severity: 2,
      since: NOW - MINUTE,
      figures: { now: 100, usual: [0, 0], unit: '%' },
      cause: { kind: 'tree', time: lostRhone.time },
      sentence: {
        en: 'Codes that the map no longer knows, for units in DEP:69 (Rhône): 100 % since Tuesday 09:29, before 0 %; the tree changed on Tuesday 09:27 (1 department and 68 communes removed). Also unusual: 69 units lost from the map',
        fr: 'Codes que la carte ne connaît plus, sur des unités de DEP:69 (Rhône) : 100 % depuis mardi 09:29, avant 0 % ; la carte a changé mardi 09:27 (supprimés : 1 département et 68 communes). Inhabituel aussi : 69 unités perdues par la carte',
      },
    });
  });

  it('does not blame a tree for codes that nobody ever knew, nor one that only renamed', async () => {
    const { standup, history } = setUp();
    for (let i = 60; i > 0; i--) {
      history.add('requests', 'search', NOW - i * MINUTE, 20);
      history.add('rewritten', 'search', NOW - i * MINUTE, 18);
      history.add('searches', 'DEP:01', NOW - i * MINUTE, 18);
      history.add('unknown', 'COM:1', NOW - i * MINUTE, 2);
      history.add('errors', 'unknown_unit_exception', NOW - i * MINUTE, 2);
    }
    history.written.push({ ...lostRhone, data: { ...lostRhone.data, removed: {}, renamed: { COM: 19 }, units: [] } });
    await standup.look();
    expect(standup.report(true)).toMatchObject({ state: 'well', anomalies: [] });
  });

  it('finds searches without hits since a new tree within the same day', async () => {
    const { standup, history } = setUp();
    for (let i = 300; i > 0; i--) {
      history.add('requests', 'search', NOW - i * MINUTE, 20);
      history.add('searches', 'DEP:01', NOW - i * MINUTE, 5);
      history.add('no_hits', 'DEP:01', NOW - i * MINUTE, i <= 30 ? 4 : i % 20 === 0 ? 1 : 0);
    }
    history.written.push({
      ...lostRhone,
      time: NOW - 31 * MINUTE,
      data: { ...lostRhone.data, removed: {}, moved: { COM: 9 } },
    });
    await standup.look();
    const [anomaly] = standup.report(true).anomalies;
    expect(anomaly?.sentence.en).toMatch(
      /^Searches without hits for units in DEP:01 \(Ain\): 80 % since Tuesday 09:00, before .* %; the tree changed on Tuesday 08:59 \(9 communes moved\)/,
    );
  });

  it('puts an open emergency on top, of which only those with the right see more than that there is one', async () => {
    const { standup, state } = setUp();
    state.emergency = { id: 'x', title: 'The Rhône is gone', severity: 'critical', since: NOW };
    await standup.lookForEmergency();
    const told = standup.report(true);
    expect(told.state).toBe('emergency');
    expect(told.sentence.en).toBe('Emergency since Tuesday 09:30: The Rhône is gone. Nobody is responsible yet.');
    const anonymous = standup.report(false);
    expect(anonymous.emergency).toEqual({ severity: 'critical', since: NOW });
    expect(JSON.stringify(anonymous)).not.toContain('Rhône');
  });

  it('says what the history says of itself, and keeps what it knew while that is away', async () => {
    const { standup, history, failures } = setUp();
    history.ok = false;
    history.broken = true;
    await standup.look();
    expect(failures).toHaveLength(1);
    expect(standup.report(true)).toMatchObject({ state: 'look', sentence: { en: "The history can't be written." } });
    history.ok = true;
    history.broken = false;
    await standup.look();
    expect(standup.report(true).state).toBe('well');
  });

  it('reads little of a history that is young, and each time only what is new', async () => {
    const { standup, history, state } = setUp();
    history.add('requests', 'search', NOW - HOUR, 5);
    await standup.look();
    expect(history.asked.length).toBeLessThan(30);
    history.asked = [];
    state.now += MINUTE;
    await standup.look();
    expect(history.asked.map(({ step }) => step)).toEqual(['minute', 'minute', 'minute']);
    expect(Math.min(...history.asked.map(({ from }) => from))).toBeGreaterThan(NOW - 5 * MINUTE);
  });

  it('counts a minute that is read again only once', async () => {
    const { standup, history, state } = setUp();
    history.add('requests', 'search', NOW - 10 * MINUTE, 5);
    history.written.push({ ...lostRhone });
    history.add('unknown_groups', 'DEP:69', NOW - MINUTE, 3);
    history.add('searches', 'DEP:69', NOW - MINUTE, 3);
    for (let i = 0; i < 4; i++) {
      await standup.look();
      state.now += 10_000;
    }
    expect(standup.report(true).anomalies[0]?.figures.now).toBe(50);
  });

  it('holds a tree to account for days while what it lost is asked for, and says when a new tree ended it', async () => {
    const { standup, history, state } = setUp();
    history.add('requests', 'search', NOW - 30 * MINUTE, 50);
    history.add('searches', 'DEP:69', NOW - 30 * MINUTE, 50);
    history.written.push({ ...lostRhone });
    state.now = NOW + 4 * DAY;
    history.add('requests', 'search', state.now - 10 * MINUTE, 5);
    history.add('unknown_groups', 'DEP:69', state.now - 10 * MINUTE, 5);
    await standup.look();
    expect(standup.report(true).anomalies[0]?.sentence.en).toMatch(
      /^Codes that the map no longer knows, for units in DEP:69 \(Rhône\): 100 % since Tuesday 09:27, before 0 %; the tree changed/,
    );
    const repaired = { ...lostRhone.data, from: 'b', to: 'c', removed: {}, added: { DEP: 1, COM: 68 }, units: [] };
    history.written.push({ ...lostRhone, time: state.now, data: repaired });
    state.now += 10 * MINUTE;
    await standup.look();
    const [anomaly] = standup.report(true).anomalies;
    expect(anomaly?.until).toBe(NOW + 4 * DAY);
    expect(anomaly?.sentence.en).toMatch(/ from Tuesday 09:27 to Saturday 09:30, /);
    expect(anomaly?.sentence.fr).toMatch(/ de mardi 09:27 à samedi 09:30, /);
    state.now += 3 * DAY;
    await standup.look();
    expect(standup.report(true).anomalies).toEqual([]);
  });

  it('takes a mark that is told twice, as while it is being written, for one event', async () => {
    const { standup, history } = setUp();
    history.add('requests', 'search', NOW - MINUTE, 1);
    history.add('unknown_groups', 'DEP:69', NOW - MINUTE, 1);
    const keyed = { ...lostRhone, key: 'a b' };
    history.written.push({ ...lostRhone }, { ...lostRhone }, keyed, { ...keyed, time: keyed.time + 4_000 });
    await standup.look();
    const { anomalies, marks } = standup.report(true);
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]?.until).toBeUndefined();
    expect(marks).toHaveLength(2);
  });
});
