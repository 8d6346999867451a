import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryKeeper } from '../../src/cli/history-keeper.js';
import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/schema.js';
import { Groups } from '../../src/stats/groups.js';
import { createLogger } from '../../src/stats/logger.js';
import type { TerritoryTree } from '../../src/territory/tree.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { smallTree } from './support/small-tree.js';
import { until } from './support/territory-proxy.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-keeper-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const logger = createLogger('error', { write: () => undefined });

function keeperOf(config: Config, tree: () => TerritoryTree, groups = new Groups(tree)): HistoryKeeper {
  return new HistoryKeeper({ config, version: '0', logger, tree, loadedAt: () => new Date(), groups });
}

describe.each(['the embedded database', 'Postgres'])('a tree that comes by restart, with a history in %s', (store) => {
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    if (store === 'Postgres') postgres = await startPostgres();
  });
  afterAll(async () => postgres?.remove());

  /** A process from its start to its end. */
  async function run(tree: TerritoryTree, next?: TerritoryTree) {
    const url = postgres === undefined ? {} : { DATABASE_URL: postgres.url };
    const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree'), ...url } });
    let now = tree;
    const groups = new Groups(() => now);
    const keeper = keeperOf(config, () => now, groups);
    await keeper.history!.write();
    if (next !== undefined) {
      now = next;
      await keeper.swapped(tree, next);
    }
    await keeper.history!.write();
    const marks = await keeper.history!.marks(0, Date.now() + 1, ['tree']);
    const { database } = keeper;
    const kept = await database!.query<{ n: number }>('SELECT count(*)::int AS n FROM territory.history_trees');
    await keeper.close();
    return { mark: marks.at(-1)!, groups, kept: kept[0]!.n };
  }

  it('is told with the names of what is gone, and where it lay', async () => {
    await run(smallTree(['COM:69123', 'COM:69266']));
    const { mark, groups } = await run(smallTree(['COM:69123']));
    expect(mark.data).toMatchObject({ removed: { COM: 1 }, added: {} });
    expect(mark.data.units).toEqual([{ code: 'COM:69266', label: 'Town COM:69266', change: 'removed', others: [] }]);
    expect(groups.of('COM:69266')).toEqual({ group: 'COM:69266', state: 'unknown' });
  });

  it('is compared with the last tree that the process before had, and of old trees a few are kept', async () => {
    const towns = (n: number) => smallTree(Array.from({ length: n }, (_, i) => `COM:6900${i}`));
    await run(towns(1), towns(2));
    await run(towns(3), towns(4));
    await run(towns(5));
    const { mark, kept } = await run(towns(4));
    expect(mark.data.units).toEqual([{ code: 'COM:69004', label: 'Town COM:69004', change: 'removed', others: [] }]);
    expect(kept).toBe(3);
  });
});

it('says in the log, once, that a tree can not be kept, and keeps it as soon as it can', async () => {
  const postgres = await startPostgres();
  const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree'), DATABASE_URL: postgres.url } });
  const lines: { level: number; msg?: string; message?: string }[] = [];
  const trees = [smallTree(['COM:69123']), smallTree(['COM:69123', 'COM:69901']), smallTree(['COM:69901'])] as const;
  let tree: TerritoryTree = trees[0];
  const keeper = new HistoryKeeper({
    ...{ config, version: '0', tree: () => tree, loadedAt: () => new Date(), groups: new Groups(() => tree) },
    logger: createLogger('warn', { write: (line) => void lines.push(JSON.parse(line)) }),
  });
  await keeper.history!.write();
  const { database } = keeper;
  await database!.query('ALTER TABLE territory.history_trees RENAME TO away');
  for (const next of [trees[1], trees[2]]) {
    await keeper.swapped(tree, next);
    tree = next;
  }
  expect(lines.map(({ message }) => message)).toEqual([
    `the tree can't be kept in the database: relation "territory.history_trees" does not exist`,
  ]);
  await database!.query('ALTER TABLE territory.away RENAME TO history_trees');
  keeper.start();
  await until(async () => {
    const rows = await database!.query<{ version: string }>('SELECT version FROM territory.history_trees');
    return rows.some(({ version }) => version === trees[2].version);
  });
  await keeper.close();
  await postgres.remove();
});

it('tells the trees in their order where one came into use before the database was there', async () => {
  const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree') } });
  const [first, second] = [smallTree(['COM:69123']), smallTree(['COM:69123', 'COM:69901'])];
  const started = Date.now();
  let tree = first;
  const keeper = keeperOf(config, () => tree);
  const made = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 50));
  tree = second;
  await keeper.swapped(first, second);
  await keeper.history!.write();
  const marks = await keeper.history!.marks(0, Date.now() + 1);
  await keeper.close();
  const trees = marks.filter(({ kind }) => kind === 'tree');
  expect(trees.map(({ data }) => [data.from, data.to])).toEqual([
    [undefined, first.version],
    [first.version, second.version],
  ]);
  for (const { time } of marks.filter(({ data }) => data.to !== second.version)) {
    expect(time).toBeGreaterThanOrEqual(started);
    expect(time).toBeLessThanOrEqual(made);
  }
});

it('tells a tree that came into use right before the end, with what changed', async () => {
  const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree') } });
  // So many that comparing them takes longer than a write.
  const towns = Array.from({ length: 30_000 }, (_, i) => `COM:${10_000 + i}`);
  const [first, second] = [smallTree(['COM:69123', ...towns]), smallTree(towns)];
  let tree = first;
  const groups = new Groups(() => tree);
  const parts = { config, version: '0', logger, tree: () => tree, loadedAt: () => new Date(), groups };
  const keeper = new HistoryKeeper({ ...parts, lastWriteMs: 120_000 });
  await keeper.history!.write();
  tree = second;
  const swapped = Date.now();
  void keeper.swapped(first, second);
  await keeper.close();
  const ended = Date.now();
  // What the next process tells by itself bears a later time.
  await until(() => Date.now() > ended);

  const next = keeperOf(config, () => second);
  await next.history!.write();
  const marks = await next.history!.marks(0, Date.now() + 1, ['tree']);
  await next.close();
  const { time, data } = marks.at(-1)!;
  expect(data.units).toEqual([{ code: 'COM:69123', label: 'Town COM:69123', change: 'removed', others: [] }]);
  expect(time).toBeGreaterThanOrEqual(swapped);
  expect(time).toBeLessThanOrEqual(ended);
});

it('gives the tree once to a database that takes long to open, however many turns it takes', async () => {
  const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree') } });
  const tree = smallTree();
  const often = { ...config, history: { ...(config.history as object), writeEveryMs: 5 } } as typeof config;
  const keeper = keeperOf(often, () => tree);
  const database = keeper.database!;
  const given: string[] = [];
  const { query } = database;
  const watched: typeof query = (sql, values) => {
    if (sql.includes('territory.history_trees')) given.push(sql.trim().slice(0, 6));
    return query(sql, values);
  };
  Object.assign(database, { query: watched });
  keeper.start();
  await until(() => given.includes('DELETE'));
  await keeper.close();
  expect(given).toEqual(['UPDATE', 'INSERT', 'DELETE']);
});
