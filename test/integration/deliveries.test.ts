import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryKeeper } from '../../src/cli/history-keeper.js';
import { loadConfig } from '../../src/config/load.js';
import { Groups } from '../../src/stats/groups.js';
import { Deliveries } from '../../src/stats/history/deliveries.js';
import { type Delivery, STEP_MS } from '../../src/stats/history/types.js';
import { createLogger } from '../../src/stats/logger.js';
import { DatabaseHistoryStore } from '../../src/store/history-store.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { startRelay } from './support/relay.js';
import { smallTree } from './support/small-tree.js';

const DELIVERY: Delivery = { id: '2026-11-26', source: 'cog', changes: { CREATE: 8, REMOVE: 68 } };

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-deliveries-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  const database = openDatabase({ url: postgres.url });
  await database.query('DROP SCHEMA territory CASCADE');
  await database.close();
});

/** What a proxy keeps its history with. */
function keeperOf(place: Record<string, string>): HistoryKeeper {
  const tree = smallTree();
  return new HistoryKeeper({
    config: loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree'), ...place } }),
    version: '0',
    logger: createLogger('error', { write: (line) => expect(line).toBe('') }),
    tree: () => tree,
    loadedAt: () => new Date(),
    groups: new Groups(() => tree),
  });
}

/** Counts by the kind of change in each step, and how many marks there are. */
async function written({ history }: HistoryKeeper) {
  const counts: Record<string, Record<string, number>> = {};
  for (const step of ['minute', 'hour', 'day'] as const) {
    const points = await history!.read({ names: ['deliveries'], from: 0, to: Date.now() + 1, step });
    // In two points where the minute, the hour or the day ended meanwhile.
    const sums: Record<string, number> = {};
    for (const { key, count } of points) sums[key] = (sums[key] ?? 0) + count;
    counts[step] = sums;
  }
  return { ...counts, marks: (await history!.marks(0, Date.now() + 1, ['delivery'])).length };
}

const ONCE = { CREATE: 8, REMOVE: 68 };
const ALL_ONCE = { minute: ONCE, hour: ONCE, day: ONCE, marks: 1 };

describe('a delivery', () => {
  it('that is told to two proxies before either has written anything is counted once', async () => {
    const proxies = [keeperOf({ DATABASE_URL: postgres.url }), keeperOf({ DATABASE_URL: postgres.url })];
    const told: boolean[] = [];
    for (const proxy of proxies) told.push(await proxy.deliver!(DELIVERY));
    expect(told).toEqual([true, false]);
    for (const proxy of proxies) await proxy.history!.write();
    expect(await written(proxies[0]!)).toEqual(ALL_ONCE);
    for (const proxy of proxies) await proxy.close();
  });

  it.each([
    ['several proxies', 3],
    ['one proxy with an embedded database', 1],
  ])('that is told ten times in the same moment to %s is counted once', async (_, count) => {
    const place: Record<string, string> = count === 1 ? {} : { DATABASE_URL: postgres.url };
    const proxies = Array.from({ length: count }, () => keeperOf(place));
    const told = await Promise.all(Array.from({ length: 10 }, (_, i) => proxies[i % count]!.deliver!(DELIVERY)));
    expect(told.filter((counted) => counted)).toHaveLength(1);
    for (const proxy of proxies) await proxy.history!.write();
    expect(await written(proxies[0]!)).toEqual(ALL_ONCE);
    for (const proxy of proxies) await proxy.close();
  });

  it('without a name is another one each time', async () => {
    const proxy = keeperOf({ DATABASE_URL: postgres.url });
    const { id: _, ...nameless } = DELIVERY;
    expect(await Promise.all([proxy.deliver!(nameless), proxy.deliver!(nameless)])).toEqual([true, true]);
    await proxy.history!.write();
    expect(await written(proxy)).toMatchObject({ hour: { CREATE: 16, REMOVE: 136 }, marks: 2 });
    await proxy.close();
  });

  it('of whose counting Postgres could not tell is counted once when the loader tells of it again', async () => {
    const relay = await startRelay(postgres.url);
    const proxy = keeperOf({ DATABASE_URL: relay.url });
    await proxy.history!.write();
    relay.loseAnswer('COMMIT');
    await expect(proxy.deliver!(DELIVERY)).rejects.toThrow('Connection terminated');
    expect(await proxy.deliver!(DELIVERY)).toBe(false);
    await proxy.history!.write();
    expect(await written(proxy)).toEqual(ALL_ONCE);
    await proxy.close();
    await relay.close();
  });

  it('is a new one a week later, and what was told long ago is forgotten', async () => {
    const database = openDatabase({ url: postgres.url });
    let now = Date.UTC(2026, 0, 5, 9);
    const store = new DatabaseHistoryStore(database, () => now);
    const deliveries = new Deliveries({ mark: fail, record: fail }, store, () => now);
    expect(await deliveries.take(DELIVERY)).toBe(true);
    now += 7 * STEP_MS.day - 1;
    await store.tidy(now);
    expect(await deliveries.take(DELIVERY)).toBe(false);
    now += 1;
    expect(await deliveries.take(DELIVERY)).toBe(true);
    now += 7 * STEP_MS.day + 1;
    await store.tidy(now);
    expect(await database.query('SELECT name FROM territory.history_deliveries')).toEqual([]);
    await database.close();
  });

  it('that was counted before its name had a table is still known', async () => {
    const database = openDatabase({ url: postgres.url });
    const store = new DatabaseHistoryStore(database);
    const sql = await readFile(
      new URL('../../src/store/migrations/5_history_deliveries.sql', import.meta.url).pathname,
      'utf8',
    );
    await database.query(sql.slice(sql.indexOf('-- Down Migration')));
    await database.query(`DELETE FROM territory.migrations WHERE name = '5_history_deliveries'`);
    await store.mark({ time: Date.now(), kind: 'delivery', text: '', data: {}, key: `delivery ${DELIVERY.id}` });
    expect((await migrate(database)).applied).toEqual(['5_history_deliveries']);
    const deliveries = new Deliveries({ mark: fail, record: fail }, store);
    expect(await deliveries.take(DELIVERY)).toBe(false);
    expect(await deliveries.take({ ...DELIVERY, id: 'another' })).toBe(true);
    await database.close();
  });
});

function fail(): never {
  throw new Error('a delivery with a name is not held in memory');
}
