import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryKeeper } from '../../src/cli/history-keeper.js';
import { loadConfig } from '../../src/config/load.js';
import { createLogger } from '../../src/stats/logger.js';
import { smallTree } from './support/small-tree.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-keeper-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('tells the trees in their order where one came into use before the database was there', async () => {
  const config = loadConfig({ environment: { TERRITORY_TREE: join(folder, 'map.tree') } });
  const [first, second] = [smallTree(['COM:69123']), smallTree(['COM:69123', 'COM:69901'])];
  const logger = createLogger('error', { write: () => undefined });
  const started = Date.now();
  let tree = first;
  const keeper = new HistoryKeeper({ config, version: '0', logger, tree: () => tree, loadedAt: () => new Date() });
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
