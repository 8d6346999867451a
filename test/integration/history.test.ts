import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresDatabase } from '../../src/store/postgres.js';
import { QueryLogStore } from '../../src/store/query-log-store.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { logLines, startCommand, startProxy, until } from './support/territory-proxy.js';

const CONFIG = {
  indices: { 'articles*': { units: 'territories', ancestors: 'path' } },
  checkMappings: 'off',
  history: { writeEveryMs: 200, indexCheckMinutes: 0 },
};
const LYON = JSON.stringify({ query: { term: { territory: 'COM:69123' } } });

type Running = Awaited<ReturnType<typeof startProxy>>;
interface History {
  series: { name: string; key: string; points: number[][] }[];
}

describe('the history of a running proxy', () => {
  let folder: string;
  let stub: RecordingElasticsearch;
  let postgres: TestPostgres;
  let environment: Record<string, string>;
  let proxies: Running[];

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'territory-history-'));
    stub = await startRecording();
    environment = {
      ELASTICSEARCH_URL: stub.url,
      TERRITORY_TREE: join(folder, 'map.tree'),
      TERRITORY_CONFIG: join(folder, 'config.yaml'),
    };
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(CONFIG));
    await smallTree().save(join(folder, 'map.tree'));
    proxies = [];
  });

  afterEach(async () => {
    for (const { child, ended } of proxies) {
      child.kill('SIGKILL');
      await ended;
    }
    await stub.close();
    await rm(folder, { recursive: true });
  });

  const start = async (changes: Record<string, string> = {}) => {
    const proxy = await startProxy({ ...environment, ...changes });
    proxies.push(proxy);
    return proxy;
  };
  const stop = async ({ child, ended }: Running) => {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  };
  const search = ({ url }: Running, body = LYON) =>
    fetch(`${url}/articles/_search`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const get = async <T>({ url }: Running, path: string): Promise<T> =>
    (await fetch(`${url}/_territory/${path}`)).json() as Promise<T>;
  /** Counts of a series by key. */
  const counts = async (proxy: Running, name: string): Promise<Record<string, number>> => {
    const { series = [] } = await get<Partial<History>>(proxy, `history?series=${name}&from=-1d`);
    return Object.fromEntries(
      series.map(({ key, points }) => [key, points.reduce((sum, point) => sum + (point[1] ?? 0), 0)]),
    );
  };
  const counted = (proxy: Running, name: string, expected: Record<string, number>) =>
    until(async () => {
      const found = await counts(proxy, name);
      return Object.entries(expected).every(([key, count]) => found[key] === count);
    });
  /** The count of a series, of all its keys or of one. */
  const total = async (proxy: Running, name: string, key?: string) =>
    Object.entries(await counts(proxy, name)).reduce(
      (sum, [k, count]) => (key === undefined || k === key ? sum + count : sum),
      0,
    );
  /** What other proxies have written, once this one has the database. */
  const written = async (proxy: Running, name: string) => {
    await until(async () => (await fetch(`${proxy.url}/_territory/history?series=${name}`)).status === 200);
    return total(proxy, name);
  };
  const stateOf = async (proxy: Running) =>
    (await get<{ history: { store: string; ok: boolean; waiting: number; note?: { en: string } } }>(proxy, 'stats'))
      .history;

  it.each(['the embedded database', 'Postgres'])(
    'survives a restart in %s, with the change of the tree',
    async (kind) => {
      const place = kind === 'Postgres' ? { DATABASE_URL: postgres.url } : {};
      const first = await start(place as Record<string, string>);
      for (let i = 0; i < 3; i++) await search(first);
      await search(first, '{"query":{"term":{"territory":"COM:99999"}}}');
      await counted(first, 'requests', { search: 4 });
      expect(await counts(first, 'unknown')).toEqual({ 'COM:99999': 1 });
      expect(await counts(first, 'searches')).toEqual({ 'COM:69123': 3 });
      await smallTree(['COM:69266']).save(join(folder, 'map.tree'));
      let found = 3;
      await until(async () => {
        const { status } = await search(first);
        if (status === 200) found++;
        return status === 400;
      });
      await counted(first, 'unknown_groups', { 'COM:69123': 1 });
      await search(first, '{"query":{"term":{"territory":"COM:69266"}}}');
      await stop(first);

      // The last seconds before the end are there too.
      const second = await start(place as Record<string, string>);
      await counted(second, 'searches', { 'COM:69123': found, 'COM:69266': 1 });
      expect((await stateOf(second)).store).toBe(kind === 'Postgres' ? 'postgres' : 'embedded');
      const { trees } = await get<{ trees: { version: string; diff?: object; since: number }[] }>(second, 'trees');
      // Told by the process that saw it come: the next one reads the marks while it looks for what it has to add.
      expect(trees.slice(0, 2).map(({ version }) => version)).toEqual([
        smallTree(['COM:69266']).version,
        smallTree().version,
      ]);
      expect(trees[0]?.diff).toMatchObject({
        removed: { COM: 1 },
        added: {},
        units: [{ code: 'COM:69123', label: 'Town COM:69123', change: 'removed' }],
        text: expect.stringMatching(/came into use after .*: 1 COM removed$/),
      });
      await stop(second);

      // A tree that came while no proxy ran is told by its counts.
      await smallTree(['COM:69266', 'COM:69123', 'COM:69001']).save(join(folder, 'map.tree'));
      const third = await start(place as Record<string, string>);
      const told = () => get<{ trees: { diff?: object }[] }>(third, 'trees');
      await until(async () => (await told()).trees[0]?.diff !== undefined);
      const again = await told();
      // The tree before is in the database: names are told of a change by restart too.
      expect(again.trees[0]?.diff).toMatchObject({
        ...{ added: { COM: 2 }, removed: {} },
        units: [
          { code: 'COM:69001', change: 'added' },
          { code: 'COM:69123', change: 'added' },
        ],
      });
    },
  );

  it('goes on with searches while Postgres is dead, says so, heals by itself, and has every one of them once', async () => {
    const proxy = await start({ DATABASE_URL: postgres.url });
    const earlier = await written(proxy, 'requests');
    const statuses = new Set<number>();
    let sent = 0;
    let loading = true;
    const load = (async () => {
      while (loading) {
        statuses.add((await search(proxy)).status);
        sent++;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    await until(async () => ((await counts(proxy, 'requests')).search ?? 0) > earlier + 10);
    await postgres.kill();
    await until(async () => !(await stateOf(proxy)).ok);
    // The database is dead all the while: a search that waited for it would have no answer.
    const meanwhile = sent;
    await until(() => sent > meanwhile + 50);
    expect((await stateOf(proxy)).note?.en).toMatch(/^The history can't be written at the moment/);
    const ready = await fetch(`${proxy.url}/_territory/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/The history can't be written at the moment/);
    expect((await fetch(`${proxy.url}/_territory/history`)).status).toBe(503);
    await postgres.start();
    await until(async () => (await stateOf(proxy)).ok);
    loading = false;
    await load;
    expect([...statuses]).toEqual([200]);
    // What came meanwhile was held: nothing is missing, and nothing is there twice.
    expect(await settled(async () => (await counts(proxy, 'requests')).search ?? 0, earlier + sent)).toBe(
      earlier + sent,
    );
    expect(
      logLines(proxy).filter((line) => String(line.message).includes('the history is written again')),
    ).toHaveLength(1);
    await stop(proxy);
  });

  it('adds up what several proxies and several workers count, to the last search in every series', async () => {
    const [one, two] = await Promise.all([
      start({ DATABASE_URL: postgres.url, WORKERS: '2' }),
      start({ DATABASE_URL: postgres.url }),
    ]);
    const names = [
      'requests',
      'rewritten',
      'hits',
      'took_seconds',
      'rewrite_seconds',
      'upstream_seconds',
      'expansion_terms',
    ];
    const earlier: Record<string, number> = {};
    for (const name of names) earlier[name] = await written(two!, name);
    const marboz = '{"query":{"term":{"territory":"COM:01234"}}}';
    // Over several writes of each, so that their batches fall between one another.
    for (let round = 0; round < 20; round++) {
      await Promise.all([one!, two!].flatMap((proxy) => Array.from({ length: 5 }, () => search(proxy, marboz))));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const name of names) {
      const expected = earlier[name]! + 200;
      expect([name, await settled(() => total(two!, name), expected)]).toEqual([name, expected]);
    }
    expect(await total(one!, 'searches', 'COM:01234')).toBe(200);
    const stats = await get<{ queries: { hour: { requests: number } } }>(one!, 'stats');
    expect(stats.queries.hour.requests).toBe(100);
    const { queries } = await get<{ queries: { codes: string[] }[] }>(one!, 'queries?size=200');
    expect(queries).toHaveLength(100);
    expect(queries[0]?.codes).toEqual(['COM:01234']);
  });

  it('says that another process has the folder, and serves without a history', async () => {
    const first = await start();
    await search(first);
    await counted(first, 'requests', { search: 1 });
    const second = await start();
    expect((await search(second)).status).toBe(200);
    await until(async () => !(await stateOf(second)).ok);
    // Names of folders and processes are for the log.
    expect((await stateOf(second)).note?.en).toBe("The history can't be written at the moment; the log says why.");
    const messages = logLines(second).map(({ message }) => message);
    expect(messages).toContainEqual(
      expect.stringMatching(/the process \d+ on .* uses the folder .*map\.tree\.history/),
    );
    await stop(first);
    await until(async () => (await stateOf(second)).ok);
    await counted(second, 'requests', { search: 2 });
  });

  it('loses no more than what was not written yet where the process is killed under load, time and again', async () => {
    let sent = 0;
    let shown = 0;
    for (let kill = 0; kill < 3; kill++) {
      const proxy = await start();
      let loading = true;
      const load = Array.from({ length: 4 }, async () => {
        while (loading) {
          sent++;
          await search(proxy).then(
            (answer) => answer.arrayBuffer(),
            () => undefined, // killed
          );
        }
      });
      const more = shown + 50;
      await until(async () => {
        shown = await total(proxy, 'requests');
        return shown >= more;
      });
      proxy.child.kill('SIGKILL');
      await proxy.ended;
      loading = false;
      await Promise.all(load);
    }
    const last = await start();
    const found = await written(last, 'requests');
    expect(found).toBeGreaterThanOrEqual(shown);
    expect(found).toBeLessThanOrEqual(sent);
  });

  it('makes the tables by command, once, and says so', async () => {
    const place = { DATABASE_URL: postgres.url.replace(/postgres$/, 'template1') };
    const run = async (...args: string[]) => {
      const command = startCommand(['migrate', ...args], place);
      expect({ code: await command.ended, stderr: command.printed.stderr }).toEqual({ code: 0, stderr: '' });
      return command.printed.stdout;
    };
    const both = await Promise.all([run('--json'), run('--json')]);
    const [one, two] = both.map((text) => JSON.parse(text));
    expect([...one.applied, ...two.applied]).toEqual(one.migrations);
    expect(one.migrations).toEqual(expect.arrayContaining(['1_history']));
    expect(one.store).toBe('postgres');
    expect(await run()).toBe('nothing to do: all tables are there\n');
  });

  it('says what is wrong with a database that is not there, or not named', async () => {
    const away = startCommand(['migrate'], { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
    expect(await away.ended).toBe(1);
    expect(away.printed.stderr).toMatch(/ECONNREFUSED/);
    const none = startCommand(['migrate'], {});
    expect(await none.ended).toBe(2);
    expect(none.printed.stderr).toMatch(/which database\? Set DATABASE_URL/);
  });

  it('keeps the query log in Postgres where that is wanted, from several workers too', async () => {
    await writeFile(
      environment.TERRITORY_CONFIG!,
      JSON.stringify({ ...CONFIG, queryLog: { database: true, retentionDays: 1 } }),
    );
    const proxy = await start({ DATABASE_URL: postgres.url, WORKERS: '2' });
    await search(proxy, '{"query":{"term":{"territory":"COM:75056"}}}');
    await search(proxy, '{"query":{"term":{"territory":"COM:\\u0000"}}}');
    const database = new PostgresDatabase(postgres.url);
    const rows = () =>
      database.query<{ codes: string[]; outcome: string; line: { http: object } }>(
        `SELECT codes, outcome, line FROM territory.query_log ORDER BY time`,
      );
    await until(async () => (await rows().catch(() => [])).length >= 2);
    // By their outcome: two workers, and one millisecond perhaps.
    const [second, first] = (await rows()).sort((a, b) => (a.outcome < b.outcome ? -1 : 1));
    expect(first).toMatchObject({
      codes: ['COM:75056'],
      outcome: 'rewritten',
      line: { url: { path: '/articles/_search' }, territory: { hits: 7 } },
    });
    expect(second).toMatchObject({ outcome: 'refused', line: { http: { response: { status_code: 400 } } } });
    await database.query(`UPDATE territory.query_log SET time = now() - interval '2 days'`);
    const store = new QueryLogStore(database, { retentionDays: 1, lost: fail });
    await store.write();
    expect(await rows()).toEqual([]);
    await database.close();
  });

  it('keeps nothing where that is wanted', async () => {
    await writeFile(environment.TERRITORY_CONFIG!, JSON.stringify({ ...CONFIG, history: 'off' }));
    const proxy = await start({ DATABASE_URL: postgres.url });
    await search(proxy);
    expect(await stateOf(proxy)).toEqual({ store: 'off', ok: true, waiting: 0 });
    expect(await get(proxy, 'history')).toMatchObject({ series: [] });
    expect((await get<{ trees: object[] }>(proxy, 'trees')).trees).toHaveLength(1);
  });
});

/** A count, once it has reached what it should be. */
async function settled(count: () => Promise<number>, expected: number): Promise<number> {
  await until(async () => (await count()) >= expected);
  // What is there twice comes with the next write at the latest.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return count();
}

function fail(): never {
  throw new Error('no line may be lost here');
}
