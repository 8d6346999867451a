import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StandupReport } from '../../src/stats/anomalies/standup.js';
import { Deliveries } from '../../src/stats/history/deliveries.js';
import { History } from '../../src/stats/history/history.js';
import { type SeriesPoint, STEP_MS } from '../../src/stats/history/types.js';
import { DatabaseHistoryStore } from '../../src/store/history-store.js';
import { type DatabasePlace, openDatabase } from '../../src/store/open-database.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

const { hour: HOUR, day: DAY } = STEP_MS;
const WEEKS = 6;
const CONFIG = { indices: { 'articles*': { units: 'territories' } }, checkMappings: 'off' };

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-loader-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Weeks in which a loader told of a delivery each day, the last one at `last`, and requests came hour by hour. */
async function seed(place: DatabasePlace, now: number, last: number): Promise<void> {
  const database = openDatabase(place);
  let clock = now;
  const store = new DatabaseHistoryStore(database, () => clock);
  const points: SeriesPoint[] = [];
  for (let time = now - WEEKS * 7 * DAY; time < now; time += HOUR)
    points.push({ name: 'requests', key: 'search', time, count: 100, sum: 100 });
  await store.write(points);
  const log = { warn: (message: string) => expect(message).toBe(''), info: () => undefined };
  const history = new History({ kind: database.kind, store, writeEveryMs: 1000, log, now: () => clock });
  const deliveries = new Deliveries(history, store, () => clock);
  for (let day = WEEKS * 7 - 2; day >= 0; day--) {
    clock = last - day * DAY;
    // Every third day there was nothing new: that one came is what counts.
    const changes = day % 3 === 0 ? {} : { CREATE: 1, AMEND: 40 };
    expect(await deliveries.take({ id: `of ${new Date(clock).toISOString()}`, source: 'cog', changes })).toBe(true);
    await history.write();
  }
  await history.close(1_000);
  await database.close();
}

it.each([
  ['the embedded database', () => ({ folder: join(folder, 'map.tree.history') })],
  ['Postgres', () => ({ url: postgres.url })],
])(
  'a loader that told of a delivery each day and then of none is missed, until it tells of one again: %s',
  async (_, at) => {
    const place = at();
    const now = Date.now();
    await seed(place, now, now - 30 * HOUR);
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...CONFIG, history: { writeEveryMs: 500 } }));
    await smallTree().save(join(folder, 'map.tree'));
    const elasticsearch = await startRecording();
    const proxy = await startProxy({
      ELASTICSEARCH_URL: elasticsearch.url,
      TERRITORY_TREE: join(folder, 'map.tree'),
      TERRITORY_CONFIG: join(folder, 'config.json'),
      ...('url' in place ? { DATABASE_URL: place.url } : {}),
    });
    const standup = async () => (await (await fetch(`${proxy.url}/_territory/standup`)).json()) as StandupReport;
    const missed = async () => (await standup()).anomalies.find(({ series }) => series === 'deliveries');
    try {
      await until(async () => (await missed()) !== undefined);
      expect((await missed())?.sentence.en).toMatch(
        /^No delivery since \w+ \d\d:\d\d; usually one comes 24 hours after the other/,
      );
      expect((await standup()).state).toBe('look');

      const told = await fetch(`${proxy.url}/_territory/deliveries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'today', source: 'cog', changes: { AMEND: 3 } }),
      });
      expect([told.status, await told.json()]).toEqual([202, { counted: true }]);
      await until(async () => (await missed()) === undefined);
      const { marks } = await standup();
      expect(marks.findLast(({ kind }) => kind === 'delivery')?.sentence.en).toBe('a delivery came (cog): 3 AMEND');
    } finally {
      proxy.child.kill('SIGTERM');
      await proxy.ended;
      await elasticsearch.close();
    }
  },
);
