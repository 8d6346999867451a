import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { History } from '../../src/stats/history/history.js';
import { type HistoryQuery, type SeriesPoint, STEP_MS } from '../../src/stats/history/types.js';
import { Quantiles } from '../../src/stats/quantiles.js';
import type { Database } from '../../src/store/database.js';
import { EmbeddedDatabase } from '../../src/store/embedded.js';
import { FolderLockedError } from '../../src/store/folder-lock.js';
import { DatabaseHistoryStore } from '../../src/store/history-store.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { PostgresDatabase } from '../../src/store/postgres.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { until } from './support/territory-proxy.js';

const MINUTE = STEP_MS.minute;
const DAY = STEP_MS.day;
/** A Monday, at the start of an hour. */
const NOW = Date.UTC(2026, 0, 5, 9);

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'territory-history-'));
});

afterAll(async () => {
  await postgres.remove();
  await rm(folder, { recursive: true });
});

function requests(time: number, count: number, key = 'search'): SeriesPoint {
  return { name: 'requests', key, time, count, sum: count };
}

function seconds(time: number, ...micros: number[]): SeriesPoint {
  const sketch = new Quantiles();
  for (const value of micros) sketch.record(value);
  const sum = micros.reduce((a, b) => a + b, 0) / 1e6;
  return { name: 'upstream_seconds', key: '', time, count: micros.length, sum, sketch: sketch.encode() };
}

const all = (step: HistoryQuery['step'], more: Partial<HistoryQuery> = {}): HistoryQuery => ({
  from: 0,
  to: NOW + 400 * DAY,
  step,
  ...more,
});

const ALL = ['1_history', '2_emergencies', '3_webhook_outbox', '4_history_trees', '5_history_deliveries'];

const figures = (points: readonly SeriesPoint[]) =>
  points.map(({ name, key, time, count, sum }) => [name, key, time, count, sum]);

describe.each([
  ['Postgres', async (): Promise<Database> => new PostgresDatabase(postgres.url)],
  ['the embedded database', (): Promise<Database> => EmbeddedDatabase.open(join(folder, 'embedded'))],
])('the history in %s', (_name, open) => {
  let database: Database;
  let store: DatabaseHistoryStore;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await database.query('DROP SCHEMA IF EXISTS territory CASCADE');
    await migrate(database);
    store = new DatabaseHistoryStore(database, () => NOW + 10 * MINUTE);
  });

  it('adds up what several writers say of a minute, and keeps hours and days as exact sums', async () => {
    await store.write([requests(NOW, 3), requests(NOW + MINUTE, 2), requests(NOW, 1, 'bulk')], batch('a', 1));
    await store.write([requests(NOW, 4)], batch('b', 1));
    await store.write([requests(NOW - MINUTE, 10)], batch('a', 2));
    expect(figures(await store.read(all('minute')))).toEqual([
      ['requests', 'bulk', NOW, 1, 1],
      ['requests', 'search', NOW - MINUTE, 10, 10],
      ['requests', 'search', NOW, 7, 7],
      ['requests', 'search', NOW + MINUTE, 2, 2],
    ]);
    expect(figures(await store.read(all('hour', { keys: ['search'] })))).toEqual([
      ['requests', 'search', NOW - STEP_MS.hour, 10, 10],
      ['requests', 'search', NOW, 9, 9],
    ]);
    expect(figures(await store.read(all('day', { keys: ['search'] })))).toEqual([
      ['requests', 'search', NOW - 9 * STEP_MS.hour, 19, 19],
    ]);
  });

  it('merges sketches of several writers in every step', async () => {
    await store.write([seconds(NOW, 100, 200), seconds(NOW + MINUTE, 300)], batch('a', 1));
    await store.write([seconds(NOW, 400, 400)], batch('b', 1));
    const [minute] = await store.read(all('minute', { to: NOW + MINUTE }));
    expect(minute).toMatchObject({ count: 4, sum: 0.0011 });
    expect(Quantiles.decode(minute!.sketch!).summary()).toMatchObject({ count: 4, p50: 200, max: 401 });
    const [day] = await store.read(all('day'));
    expect(Quantiles.decode(day!.sketch!).summary()).toMatchObject({ count: 5, p50: 301, max: 401 });
    expect((await store.read(all('day', { sketches: false })))[0]).not.toHaveProperty('sketch');
  });

  it('keeps a mark that holds what is no text for Postgres, such as the label of a unit with a NUL', async () => {
    const data = { from: 'a', to: 'b', units: [{ code: 'COM:1', label: 'Ly\0on \ud800 🗺 \\u0000' }] };
    await store.mark({ time: NOW, kind: 'tree', text: 'new\0 \udfff', data, key: 'a\0b' });
    await store.mark({ time: NOW + MINUTE, kind: 'tree', text: 'the same', data: {}, key: 'a\0b' });
    expect(await store.marks(0, NOW + DAY)).toEqual([
      {
        ...{ time: NOW, kind: 'tree', text: 'new\ufffd \ufffd', key: 'a\ufffdb' },
        data: { ...data, units: [{ code: 'COM:1', label: 'Ly\ufffdon \ufffd 🗺 \\u0000' }] },
      },
    ]);
  });

  it('counts a batch once that is sent again because its answer was lost', async () => {
    for (const sequence of [1, 1, 2, 2, 1]) await store.write([requests(NOW, 1)], batch('a', sequence));
    await store.write([requests(NOW, 1)], batch('b', 1));
    expect(figures(await store.read(all('minute')))).toEqual([['requests', 'search', NOW, 3, 3]]);
  });

  it('adds up what is written at the same time', async () => {
    const writers = Array.from({ length: 8 }, (_, i) => `w${i}`);
    await Promise.all(
      writers.flatMap((writer) =>
        [1, 2, 3].map((sequence) =>
          store.write([requests(NOW, 1), seconds(NOW, 50)], batch(`${writer}-${sequence}`, 1)),
        ),
      ),
    );
    const [requested, took] = await store.read(all('hour'));
    expect(requested).toMatchObject({ count: 24 });
    expect(took).toMatchObject({ count: 24 });
    expect(Quantiles.decode(took!.sketch!).count).toBe(24);
  });

  it('reads by names, keys and a time that begins inside and ends outside', async () => {
    await store.write([requests(NOW, 1), requests(NOW + MINUTE, 2), requests(NOW, 3, 'bulk'), seconds(NOW, 5)]);
    expect(
      figures(await store.read({ names: ['requests'], from: NOW + 1, to: NOW + 2 * MINUTE, step: 'minute' })),
    ).toEqual([['requests', 'search', NOW + MINUTE, 2, 2]]);
    expect(await store.read(all('minute', { names: ['unknown'] }))).toEqual([]);
    expect(await store.read({ from: NOW, to: NOW, step: 'minute' })).toEqual([]);
    expect(figures(await store.read(all('minute', { names: ['requests'], keys: ['bulk'] })))).toHaveLength(1);
  });

  it('adds up all keys of a series where that is wanted, and leaves series without keys as they are', async () => {
    await store.write([requests(NOW, 1), requests(NOW, 3, 'bulk'), requests(NOW + MINUTE, 2), seconds(NOW, 5)]);
    const points = await store.read(all('minute', { total: true }));
    expect(figures(points)).toEqual([
      ['requests', '', NOW, 4, 4],
      ['requests', '', NOW + MINUTE, 2, 2],
      ['upstream_seconds', '', NOW, 1, 0.000005],
    ]);
    expect(Quantiles.decode(points[2]!.sketch!).count).toBe(1);
    expect(figures(await store.read(all('minute', { total: true, sketches: false })))).toHaveLength(3);
  });

  it('gives no more points than are wanted, in their order', async () => {
    await store.write(Array.from({ length: 20 }, (_, i) => requests(NOW, 1, `key ${String(i).padStart(2, '0')}`)));
    const keys = (await store.read(all('minute', { most: 7 }))).map(({ key }) => key);
    expect(keys).toHaveLength(7);
    expect(keys).toEqual(keys.toSorted());
    expect(await store.read(all('minute', { most: 20 }))).toHaveLength(20);
    expect(await store.read(all('minute', { most: 0, total: true }))).toEqual([]);
  });

  it('keeps keys with quotes, markup, accents and emoji as they are', async () => {
    const keys = [`'; DROP TABLE territory.history_points; --`, '<b>&amp;"', 'Île 🗺', '\\x00 {a,b}', 'NULL', ''];
    await store.write(keys.map((key) => ({ ...requests(NOW, 1, key), name: 'unknown' })));
    const found = (await store.read(all('minute'))).map(({ key }) => key);
    expect(new Set(found)).toEqual(new Set(keys));
    expect(await store.read(all('minute', { keys: ['NULL'] }))).toHaveLength(1);
  });

  it('takes keys that are one text for Postgres though they are two here, such as halves of characters', async () => {
    const warnings: string[] = [];
    const log = { warn: (text: string) => void warnings.push(text), info: () => undefined };
    const history = new History({ kind: database.kind, store, writeEveryMs: 1000, log, now: () => NOW });
    for (const key of ['COM:\ud800', 'COM:\udfff', 'COM:\ufffd', 'COM:\0', `COM:${'x'.repeat(195)}🗺`])
      history.record('unknown', key, 1);
    await history.write();
    expect(warnings).toEqual([]);
    const points = await store.read(all('minute'));
    expect(points.map(({ key, count }) => [key, count])).toEqual([
      [`COM:${'x'.repeat(195)}\ufffd`, 1],
      ['COM:\ufffd', 4],
    ]);
  });

  it('drops minutes after two days and hours after sixty, and keeps days for good', async () => {
    await store.write([requests(NOW, 1), seconds(NOW, 5)]);
    await store.tidy(NOW + 2 * DAY);
    expect(await store.read(all('minute'))).toHaveLength(2);
    await store.tidy(NOW + 2 * DAY + MINUTE);
    expect(await store.read(all('minute'))).toEqual([]);
    expect(await store.read(all('hour'))).toHaveLength(2);
    await store.tidy(NOW + 61 * DAY);
    expect(await store.read(all('hour'))).toEqual([]);
    await store.tidy(NOW + 4000 * DAY);
    expect(await store.read(all('day'))).toHaveLength(2);
  });

  it('drops as much as there is, in parts', async () => {
    await database.query(
      `INSERT INTO territory.history_points (step, name, time, key, count, sum)
       SELECT 0, 'unknown', to_timestamp(${NOW / 1000 - 3 * 86_400}), 'COM:' || n, 1, 1 FROM generate_series(1, 45000) AS n`,
    );
    await store.write([requests(NOW, 1)]);
    await Promise.all([store.tidy(NOW), store.tidy(NOW)]);
    expect(figures(await store.read(all('minute')))).toEqual([['requests', 'search', NOW, 1, 1]]);
  });

  it('takes what is older than two days into the hours and days alone', async () => {
    await store.write([requests(NOW - 3 * DAY, 5), requests(NOW - 70 * DAY, 7)]);
    expect(await store.read(all('minute'))).toEqual([]);
    expect(figures(await store.read(all('hour')))).toEqual([['requests', 'search', NOW - 3 * DAY, 5, 5]]);
    expect((await store.read(all('day'))).map(({ count }) => count)).toEqual([7, 5]);
  });

  it('folds all but the largest keys of finished hours and days, so that a flood of codes is not kept for good', async () => {
    const flood = Array.from({ length: 1000 }, (_, i) => ({
      ...requests(NOW, i < 5 ? 100 : 1, `COM:${i}`),
      name: 'unknown' as const,
    }));
    await store.write(flood);
    await store.tidy(NOW + 30 * MINUTE);
    expect(await store.read(all('hour'))).toHaveLength(1000);
    for (const later of [STEP_MS.hour, STEP_MS.hour + MINUTE]) await store.tidy(NOW + later);
    const hour = await store.read(all('hour'));
    expect(hour).toHaveLength(301);
    expect(hour.reduce((sum, { count }) => sum + count, 0)).toBe(1495);
    expect(hour.find(({ key }) => key === '(other)')).toMatchObject({ count: 700, sum: 700 });
    expect(hour.filter(({ count }) => count === 100)).toHaveLength(5);
  });

  it('keeps each change of a tree that goes back and forth within an hour, told by two proxies', async () => {
    const change = (from: string, to: string, minutes: number) =>
      store.mark({
        ...{ time: NOW + minutes * MINUTE, kind: 'tree', text: `${from} to ${to}` },
        ...{ data: { from, to }, key: `${from} ${to}` },
      });
    for (const [from, to, minutes] of [
      ['A', 'B', 0],
      ['B', 'A', 5],
      ['A', 'B', 10],
    ] as const) {
      await change(from, to, minutes);
      await change(from, to, minutes + 0.1);
    }
    const marks = await store.marks(NOW, NOW + STEP_MS.hour);
    expect(marks.map(({ text }) => text)).toEqual(['A to B', 'B to A', 'A to B']);
  });

  it('keeps marks with their data, in order, and one of those that several proxies tell', async () => {
    const data = { from: 'a', to: 'b', removed: { COM: 68 }, units: [{ code: 'COM:1', label: "L'Île <b>" }] };
    const tree = { time: NOW, kind: 'tree' as const, text: 'a tree', data, key: 'a b' };
    await store.mark(tree);
    await store.mark({ ...tree, time: NOW + MINUTE });
    await store.mark({ ...tree, time: NOW + 2 * STEP_MS.hour });
    await store.mark({ time: NOW - 1, kind: 'start', text: 'began', data: {} });
    await store.mark({ time: NOW - 1, kind: 'start', text: 'began', data: {} });
    const marks = await store.marks(NOW - 1, NOW + 2 * STEP_MS.hour + 1);
    expect(marks.map(({ kind, time }) => [kind, time - NOW])).toEqual([
      ['start', -1],
      ['start', -1],
      ['tree', 0],
      ['tree', 2 * STEP_MS.hour],
    ]);
    expect(marks[2]).toEqual(tree);
    expect(await store.marks(NOW, NOW + 1, ['start'])).toEqual([]);
    expect(await store.marks(NOW, NOW + 1, ['tree'])).toHaveLength(1);
  });

  it('writes a batch wholly or not at all', async () => {
    const bad = { ...requests(NOW, 1), count: Number.NaN };
    await expect(store.write([requests(NOW, 5), bad], batch('a', 1))).rejects.toThrow();
    expect(await store.read(all('minute'))).toEqual([]);
    await store.write([requests(NOW, 5)], batch('a', 1));
    expect(await store.read(all('minute'))).toHaveLength(1);
  });

  it('makes its tables once when two migrate at once, and says what it did', async () => {
    await database.query('DROP SCHEMA territory CASCADE');
    const reports = await Promise.all([migrate(database), migrate(database)]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(ALL);
    expect(await migrate(database)).toEqual({ applied: [], migrations: ALL });
  });

  it('does not touch a database of a newer version', async () => {
    await database.query(`INSERT INTO territory.migrations (name, run_on) VALUES ('999_later', now())`);
    await expect(migrate(database)).rejects.toThrow(/migrations that this version does not know \(999_later\)/);
    await database.query(`DELETE FROM territory.migrations WHERE name = '999_later'`);
  });
});

describe('the embedded database', () => {
  it('gives the space of what was dropped back, for nobody else does', async () => {
    const database = openDatabase({ folder: join(folder, 'vacuumed') });
    const store = new DatabaseHistoryStore(database);
    await store.write([requests(NOW, 5)], { writer: '00000000-0000-4000-8000-000000000001', sequence: 1 });
    const seen = async () => {
      const [row] = await database.query<{ relallvisible: number }>(
        `SELECT relallvisible FROM pg_class WHERE oid = 'territory.history_points'::regclass`,
      );
      return row!.relallvisible;
    };
    expect(await seen()).toBe(0);
    await store.tidy(NOW + MINUTE);
    expect(await seen()).toBeGreaterThan(0);
    await database.close();
  });

  it('keeps what was written', async () => {
    const place = join(folder, 'embedded');
    const first = openDatabase({ folder: place });
    await first.query('DELETE FROM territory.history_points');
    await new DatabaseHistoryStore(first, () => NOW).write([requests(NOW, 3)]);
    await first.close();
    const second = openDatabase({ folder: place });
    expect(await new DatabaseHistoryStore(second, () => NOW).read(all('minute'))).toHaveLength(1);
    await second.close();
    expect(await readdir(place)).toEqual(['data']);
  });

  it('heals by itself where it broke on a disk that took nothing for a while', async () => {
    const place = join(folder, 'broken');
    const database = openDatabase({ folder: place });
    const store = new DatabaseHistoryStore(database, () => NOW);
    let sequence = 0;
    const text = randomBytes(2_000_000).toString('hex');
    const write = () => store.mark({ time: NOW + sequence, kind: 'start', text, data: {} }, batch('a', sequence));
    await database.query('SELECT 1');
    await rename(join(place, 'data', 'pg_wal'), join(place, 'data', 'away'));
    // What is written next needs a new segment of the log sooner or later, and there is no place for one.
    const written = async () => {
      for (sequence = 1; sequence < 100; sequence++) await write();
    };
    await expect(written()).rejects.toThrow(/pg_wal/);
    await expect(write()).rejects.toThrow();
    await rename(join(place, 'data', 'away'), join(place, 'data', 'pg_wal'));
    await until(() =>
      write().then(
        () => true,
        () => false, // it finds out that it is broken, and is opened anew
      ),
    );
    const times = (await store.marks(0, NOW + DAY)).map(({ time }) => time - NOW);
    expect(times).toEqual(Array.from({ length: sequence }, (_, i) => i + 1));
    await database.close();
  });

  it('is given up and opened anew where it answers nothing any more', async () => {
    const place = join(folder, 'hanging');
    const database = await EmbeddedDatabase.open(place, { silenceMs: 3000 });
    const hangs = database.query('SELECT count(*) FROM generate_series(1, 100000000000)');
    const waits = database.query('SELECT 1');
    await expect(hangs).rejects.toThrow('the embedded database answered nothing for 3000 ms');
    await expect(waits).rejects.toThrow('the embedded database answered nothing for 3000 ms');
    expect(database.broken).toBe(true);
    const again = await EmbeddedDatabase.open(place);
    expect(await again.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await again.close();
  });

  it('is not opened twice', async () => {
    const place = join(folder, 'embedded');
    const first = await EmbeddedDatabase.open(place);
    await expect(EmbeddedDatabase.open(place)).rejects.toThrow(FolderLockedError);
    await first.close();
    const second = await EmbeddedDatabase.open(place);
    await second.close();
  });

  it('tells of a folder that it may not have, and of data that is none', async () => {
    await writeFile(join(folder, 'a-file'), '');
    await expect(EmbeddedDatabase.open(join(folder, 'a-file'))).rejects.toThrow(/EEXIST|ENOTDIR/);
    const place = join(folder, 'foreign', 'data');
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'PG_VERSION'), '9.6\n');
    await expect(EmbeddedDatabase.open(join(folder, 'foreign'))).rejects.toThrow(/can't be opened/);
    await expect(EmbeddedDatabase.open(join(folder, 'foreign'))).rejects.toThrow(/can't be opened/);
  });
});

function batch(writer: string, sequence: number) {
  return { writer, sequence };
}
