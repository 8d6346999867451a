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
  const store = new QueryLogStore(database, 7);
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
