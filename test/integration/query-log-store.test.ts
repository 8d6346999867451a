import { queryLine } from '../../src/stats/query-log.js';
import { openDatabase } from '../../src/store/open-database.js';
import { QueryLogStore } from '../../src/store/query-log-store.js';
import { refused } from '../stats/records.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

it('a code that is no text for Postgres does not hold up the query log for good', async () => {
  const database = openDatabase({ url: postgres.url });
  const store = new QueryLogStore(database, { retentionDays: 7, lost: fail });
  store.add(
    ['COM:\0', 'COM:\ud800', '\udfff', 'COM:🗺', 'a \\ud800 that is written so'].map((code) =>
      queryLine({ ...refused([code]), time: Date.now() }),
    ),
  );
  await store.write();
  const rows = await database.query<{ codes: string[] }>('SELECT codes FROM territory.query_log ORDER BY id');
  expect(rows.map(({ codes }) => codes[0])).toEqual([
    'COM:\ufffd',
    'COM:\ufffd',
    '\ufffd',
    'COM:🗺',
    'a \\ud800 that is written so',
  ]);
  await database.close();
});

it('tells of lines that were too many to hold, and of those that the database will never take, and writes the others', async () => {
  const database = openDatabase({ url: postgres.url });
  const told: string[] = [];
  const store = new QueryLogStore(database, { retentionDays: 7, lost: (lines, why) => told.push(`${lines}: ${why}`) });
  const line = queryLine({ ...refused(['COM:1']), time: Date.now() });
  await database.query('TRUNCATE territory.query_log');
  store.add(Array.from({ length: 10_003 }, () => line));
  await store.write();
  store.add([{ ...line, status: 1e6 }]);
  await store.write();
  store.add([line]);
  await store.write();
  expect(told).toEqual([
    '3: the database did not answer for too long',
    expect.stringMatching(/^1: the database refused them: value "1000000" is out of range for type smallint/),
  ]);
  expect(await database.query('SELECT count(*)::int AS n FROM territory.query_log')).toEqual([{ n: 10_001 }]);
  await database.close();
});

function fail(): never {
  throw new Error('no line may be lost here');
}
