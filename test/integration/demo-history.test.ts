// @ts-expect-error a script without types
import { seedHistory } from '../../scripts/lib/demo-history.mjs';
import { DatabaseHistoryStore } from '../../src/store/history-store.js';
import { openDatabase } from '../../src/store/open-database.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { smallTree } from './support/small-tree.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

/** Each is far from the zone of a machine, whatever that is, by the other's distance at the least. */
it.each([
  ['Pacific/Auckland', '25/11/2026, 09:12'],
  ['America/Los_Angeles', '24/11/2026, 09:12'],
])(
  'the days of the seeded history are those of the zone of the pages, not of the machine: %s',
  async (timeZone, at) => {
    const now = Date.UTC(2026, 10, 26, 5);
    const database = openDatabase({ url: postgres.url });
    await database.query('TRUNCATE territory.history_points, territory.history_marks');
    const { treeAt } = await seedHistory({ place: { url: postgres.url }, tree: smallTree(), now, timeZone });
    const points = await new DatabaseHistoryStore(database, () => now).read({
      ...{ names: ['requests'], step: 'hour', from: now - 15 * 86_400_000, to: now, total: true },
    });
    await database.close();

    const words = { timeZone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' } as const;
    const format = new Intl.DateTimeFormat('en-GB', words);
    const sums = { office: 0, night: 0, weekend: 0 };
    for (const { time, count } of points) {
      const { weekday, hour } = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
      if (weekday === 'Sat' || weekday === 'Sun') sums.weekend += count;
      else if (Number(hour) >= 8 && Number(hour) < 18) sums.office += count;
      else if (Number(hour) < 6) sums.night += count;
    }
    expect(sums.office).toBeGreaterThan(50 * sums.night);
    expect(sums.office).toBeGreaterThan(5 * sums.weekend);
    const told = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    expect(told.format(treeAt)).toBe(at);
  },
);
