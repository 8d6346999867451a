import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagedDatabase } from '../../src/store/managed-database.js';
import { PostgresDatabase } from '../../src/store/postgres.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { startRecording } from './support/recording-elasticsearch.js';
import { type Relay, startRelay } from './support/relay.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

let postgres: TestPostgres;
let relay: Relay;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

beforeEach(async () => {
  relay = await startRelay(postgres.url);
  url = relay.url;
});
afterEach(() => relay.close());

/** Soon, though not on a machine that is merely busy. */
const IMPATIENT = { statementMs: 3_000, silenceMs: 1_000 };

/** One that loses its patience. */
const impatient = () => new ManagedDatabase('postgres', async () => new PostgresDatabase(url, IMPATIENT));

describe('a Postgres that accepts and never answers', () => {
  it('fails what waits for it, and no connection that fell silent is used again', async () => {
    const database = impatient();
    // As many connections as the pool has, all of them idle when the server falls silent.
    await Promise.all(Array.from({ length: 4 }, () => database.query('SELECT pg_sleep(0.05)')));
    relay.silence();
    const silenced = Array.from({ length: 3 }, () => database.query('SELECT 1'));
    silenced.push(database.transaction((query) => query('SELECT 1')));
    for (const { status } of await Promise.allSettled(silenced)) expect(status).toBe('rejected');
    relay.heal();
    // The first one, and as many at once as there were connections.
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const all = await Promise.all(Array.from({ length: 8 }, () => database.query('SELECT 1 AS one')));
    expect(all.flat()).toHaveLength(8);
    await database.close();
  });

  it('is given up by the server itself where only a statement takes too long, and the connection stays', async () => {
    const database = new PostgresDatabase(url, { connections: 1, statementMs: 2_000, silenceMs: 120_000 });
    const pid = async () => (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
    const before = await pid();
    await expect(database.query('SELECT pg_sleep(600)')).rejects.toMatchObject({ code: '57014' });
    expect(database.broken).toBe(false);
    expect(await pid()).toBe(before);
    await database.close();
  });

  it('lets go of what a proxy held that was cut off in the middle of a write', async () => {
    const gone = new PostgresDatabase(url, IMPATIENT);
    const cutOff = gone.transaction(async (query) => {
      await query('SELECT pg_advisory_xact_lock(1)');
      relay.silence();
      await query('SELECT 1');
    });
    await expect(cutOff).rejects.toThrow('Query read timeout');
    // The server heard nothing of that: for its part the connection is there, and the transaction open.
    const other = new PostgresDatabase(postgres.url);
    await other.transaction((query) => query('SELECT pg_advisory_xact_lock(1)'));
    await other.close();
    await gone.close();
  });

  it('costs no search and no count: the page says that history is missing, heals, and the proxy can end meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'territory-silent-'));
    const stub = await startRecording();
    const config = {
      indices: { 'articles*': { units: 'territories', ancestors: 'path' } },
      checkMappings: 'off',
      history: { writeEveryMs: 200, indexCheckMinutes: 0 },
    };
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
    await smallTree().save(join(folder, 'map.tree'));
    const proxy = await startProxy({
      ...{ ELASTICSEARCH_URL: stub.url, DATABASE_URL: url },
      ...{ TERRITORY_TREE: join(folder, 'map.tree'), TERRITORY_CONFIG: join(folder, 'config.yaml') },
    });
    const search = async () => {
      const answer = await fetch(`${proxy.url}/articles/_search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":{"term":{"territory":"COM:69123"}}}',
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const get = async (path: string) => (await fetch(`${proxy.url}/_territory/${path}`)).json();
    const state = async () => ((await get('stats')) as { history: { ok: boolean; waiting: number } }).history;
    const counted = async (): Promise<number> => {
      const { series = [] } = (await get('history?series=requests&key=search&from=-1d')) as {
        series?: { points: number[][] }[];
      };
      return series.flatMap(({ points }) => points).reduce((sum, point) => sum + (point[1] ?? 0), 0);
    };
    const statuses: number[] = [];
    const searches = async (holds: () => Promise<boolean>) => {
      await until(async () => {
        statuses.push(await search());
        return holds();
      });
    };
    await searches(async () => (await counted()) > 0);
    relay.silence();
    await searches(async () => !(await state()).ok);
    const ready = await fetch(`${proxy.url}/_territory/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/The history can't be written at the moment/);
    relay.heal();
    await searches(async () => (await state()).ok);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // Not one is missing, and not one is there twice.
    await until(async () => (await counted()) === statuses.length);

    relay.silence();
    await search();
    proxy.child.kill('SIGTERM');
    expect(await proxy.ended).toBe(0);
    await stub.close();
    await rm(folder, { recursive: true });
  });
});
