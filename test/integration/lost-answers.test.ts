import { History } from '../../src/stats/history/history.js';
import type { Mark } from '../../src/stats/history/types.js';
import { queryLine } from '../../src/stats/query-log.js';
import type { Database } from '../../src/store/database.js';
import { DatabaseHistoryStore } from '../../src/store/history-store.js';
import { openDatabase } from '../../src/store/open-database.js';
import { QueryLogStore } from '../../src/store/query-log-store.js';
import { refused } from '../stats/records.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { type Relay, startRelay } from './support/relay.js';

let postgres: TestPostgres;
let relay: Relay;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

beforeEach(async () => {
  relay = await startRelay(postgres.url);
  database = openDatabase({ url: relay.url });
  await database.query('TRUNCATE territory.history_points, territory.history_marks, territory.query_log');
});
afterEach(async () => {
  await database.close();
  await relay.close();
});

/** The statement that is carried out though its answer is lost: one within the transaction, or its end. */
describe.each(['INSERT INTO territory', 'COMMIT'])('what Postgres took and could not say so at %s', (statement) => {
  let history: History;
  let warnings: string[];

  beforeEach(() => {
    warnings = [];
    history = new History({
      kind: 'postgres',
      store: new DatabaseHistoryStore(database),
      writeEveryMs: 1000,
      log: { warn: (text) => void warnings.push(text), info: () => undefined },
    });
  });

  it('is in the query log once', async () => {
    const store = new QueryLogStore(database, { retentionDays: 7, lost: fail });
    const add = (code: string) => store.add([queryLine({ ...refused([code]), time: Date.now() })]);
    add('COM:1');
    relay.loseAnswer(statement);
    await expect(store.write()).rejects.toThrow('Connection terminated unexpectedly');
    add('COM:2');
    await store.write();
    const rows = await database.query<{ codes: string[] }>('SELECT codes FROM territory.query_log ORDER BY id');
    expect(rows.map(({ codes }) => codes)).toEqual([['COM:1'], ['COM:2']]);
  });

  it('is counted once in every step of the history', async () => {
    history.record('errors', 'x', 3);
    relay.loseAnswer(statement);
    await history.write();
    expect(warnings).toEqual([expect.stringContaining('Connection terminated unexpectedly')]);
    history.record('errors', 'x', 4);
    await history.write();
    expect(history.state()).toEqual({ store: 'postgres', ok: true, waiting: 0 });
    const range = { from: 0, to: Date.now() + 1 };
    for (const step of ['minute', 'hour', 'day'] as const) {
      const points = await history.read({ ...range, step });
      expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(7);
    }
  });

  it('is one mark, also where it has no key by which another proxy would know it', async () => {
    const mark = (text: string): Mark => ({ time: Date.now(), kind: 'start', text, data: {} });
    history.mark(mark('one'));
    relay.loseAnswer(statement);
    await history.write();
    expect(warnings).toHaveLength(1);
    expect((await history.marks(0, Date.now() + 1)).map(({ text }) => text)).toContain('one');
    history.mark(mark('two'));
    await history.write();
    expect((await history.marks(0, Date.now() + 1)).map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

function fail(): never {
  throw new Error('no line may be lost here');
}
