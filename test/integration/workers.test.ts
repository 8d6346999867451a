import { readFileSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
// @ts-expect-error a script without types
import { freePort } from '../../scripts/lib/free-port.mjs';
import type { StatsSnapshot } from '../../src/stats/stats.js';
import { Load } from './support/load.js';
import { makeScene, type Scene } from './support/scene.js';
import { smallTree } from './support/small-tree.js';
import { logLines, startCommand, until } from './support/territory-proxy.js';
import { isAlive, workersOf } from './support/workers.js';

const CONFIG =
  'indices: { "articles*": { units: territories, ancestors: path }, "slow": { units: territories } }\nhistory: off\n';
const SEARCH = JSON.stringify({ query: { term: { territory: 'DEP:69' } } });

describe('territory-proxy serve with several workers', () => {
  let scene: Scene;
  let folder: string;
  let stub: Scene['stub'];
  let environment: Scene['environment'];

  beforeEach(async () => {
    scene = await makeScene(CONFIG, { WORKERS: '2' });
    ({ folder, stub, environment } = scene);
  });
  afterEach(() => scene.remove());

  const start = async (changes: Record<string, string> = {}) => {
    const proxy = await scene.start(changes);
    // The log comes by another pipe than the address.
    if (changes.WORKERS === undefined) await until(() => workersOf(proxy).length === 2);
    return proxy;
  };
  /** On a connection of its own, so that each worker gets its turn. */
  const post = (url: string, body = SEARCH) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body });
  const statsOf = async ({ url }: { url: string }) =>
    (await (await fetch(`${url}/_territory/stats`)).json()) as StatsSnapshot;
  const metric = async ({ url }: { url: string }, name: string) => {
    const text = await (await fetch(`${url}/_territory/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length),
    );
  };
  const requests = 'territory_requests_total{endpoint="search",outcome="rewritten"}';

  it('gives each worker a heap that V8 does not look through for every few bulk requests', async () => {
    const proxy = await start();
    for (const pid of workersOf(proxy)) {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toContain('--initial-old-space-size=64');
    }
  });

  it('serves from all of them behind one port, and tells the sum of what they count', async () => {
    const proxy = await start();
    expect(workersOf(proxy)).toHaveLength(2);
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(`${proxy.url}/articles/_search`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
    expect(await metric(proxy, requests)).toBe(30);
    expect(await metric(proxy, 'territory_workers')).toBe(2);
    expect(await metric(proxy, 'territory_upstream_seconds_count')).toBe(30);
    const { cache, queries } = await statsOf(proxy);
    // Each worker has a cache of its own, and each had its turn.
    const misses = answers.filter(({ headers }) => headers.get('x-territory-cache') === 'miss').length;
    expect(misses).toBe(2);
    expect(cache).toMatchObject({ misses: 2, hits: 28 });
    expect(queries.minute).toMatchObject({ requests: 30, rewritten: 30, units: [{ code: 'DEP:69', count: 30 }] });
    expect(queries.minute.clients).toEqual([{ address: '127.0.0.1', count: 30 }]);
    await until(() => logLines(proxy).filter(({ message }) => String(message).endsWith('rewritten')).length === 30);
  });

  it('empties the caches of all of them', async () => {
    const proxy = await start();
    const found = async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => post(`${proxy.url}/articles/_search`)));
      return answers.map(({ headers }) => headers.get('x-territory-cache')).sort();
    };
    await found();
    expect(await found()).toEqual(['hit', 'hit', 'hit', 'hit']);
    expect((await fetch(`${proxy.url}/_territory/cache`, { method: 'DELETE' })).status).toBe(200);
    expect((await statsOf(proxy)).cache).toMatchObject({ entries: 0, bytes: 0 });
    expect(await found()).toEqual(['hit', 'hit', 'miss', 'miss']);
  });

  it('replaces a worker that is killed under load: nothing fails but what that worker had, and nothing hangs', async () => {
    const proxy = await start();
    const url = `${proxy.url}/articles/_search`;
    const load = new Load(16, () => ({ url, body: SEARCH }));
    await until(() => load.outcomes.length > 200);
    const [victim = 0] = workersOf(proxy);
    process.kill(victim, 'SIGKILL');
    await until(() => workersOf(proxy).length === 2 && !workersOf(proxy).includes(victim));
    const replaced = load.outcomes.length;
    await until(() => load.outcomes.length > replaced + 200);
    const outcomes = await load.stop();
    const failed = outcomes.filter(({ status }) => status !== 200);
    // At most what was under way on its connections, as a reset of those.
    expect(failed.length).toBeLessThanOrEqual(16);
    expect(failed.every(({ broken, status }) => /^(ECONNRESET|EPIPE)$/.test(broken ?? '') || status === 502)).toBe(
      true,
    );
    expect(outcomes.slice(replaced).filter(({ status }) => status !== 200)).toEqual([]);
    expect(await metric(proxy, 'territory_worker_deaths_total')).toBe(1);
    const line = logLines(proxy).find(({ message }) => String(message).includes(`worker ${victim} died (SIGKILL)`));
    expect(line).toMatchObject({ 'log.level': 'error', process: { pid: victim } });
    expect(line?.message).toMatch(/it is replaced at once$/);
  });

  it('starts anew when all workers are killed at once', async () => {
    const port: number = await freePort();
    const proxy = await start({ PORT: String(port) });
    const before = workersOf(proxy);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until(() => workersOf(proxy).filter((pid) => !before.includes(pid)).length === 2);
    expect((await post(`${proxy.url}/articles/_search`)).status).toBe(200);
    expect(await metric(proxy, 'territory_worker_deaths_total')).toBe(2);
  });

  it('waits longer and longer where the workers that begin anew die at once, and serves on with the others', async () => {
    const proxy = await start();
    for (const name of await readdir(folder)) {
      if (name.startsWith('territory-proxy-')) await rm(join(folder, name, `${smallTree().version}.tree`));
    }
    const [victim = 0] = workersOf(proxy);
    process.kill(victim, 'SIGKILL');
    await until(() => proxy.printed.stdout.includes('for too many died young'));
    expect(proxy.printed.stdout).toMatch(/worker \d+ could not begin/);
    for (let i = 0; i < 4; i++) expect((await post(`${proxy.url}/articles/_search`)).status).toBe(200);
    expect(await metric(proxy, 'territory_workers')).toBe(1);
    const ready = (await (await fetch(`${proxy.url}/_territory/readyz`)).json()) as { notes: string[] };
    expect(ready).toMatchObject({ status: 'ready', notes: ['1 of 2 workers ended and are being replaced'] });
    proxy.child.kill('SIGTERM');
    expect(await proxy.ended).toBe(0);
  });

  it('takes a new tree while a dead worker is being replaced', async () => {
    const proxy = await start();
    for (let i = 1; i <= 4; i++) {
      const next = smallTree(['COM:69123', `COM:6990${i}`]);
      const [victim = 0] = workersOf(proxy);
      await next.save(join(folder, 'map.tree'));
      // A worker that dies before, and one that dies over it.
      if (i % 2 === 0) process.kill(victim, 'SIGKILL');
      proxy.child.kill('SIGHUP');
      if (i % 2 === 1) process.kill(victim, 'SIGKILL');
      await until(() => workersOf(proxy).length === 2 && !workersOf(proxy).includes(victim));
      // A connection that is kept may have been the dead worker's.
      const version = async () => (await statsOf(proxy).catch(() => undefined))?.tree.version;
      await until(async () => (await version()) === next.version);
      expect((await statsOf(proxy)).tree).not.toHaveProperty('refused');
      // Its files are still there, though three newer maps may have come.
      expect(proxy.printed.stdout).not.toContain('could not begin');
      const answers = await Promise.all(Array.from({ length: 6 }, () => post(`${proxy.url}/articles/_search`)));
      expect(new Set(answers.map(({ headers }) => headers.get('x-territory-version')))).toEqual(
        new Set([next.version]),
      );
    }
  });

  it('ends and replaces a worker that is stuck', async () => {
    const proxy = await start();
    const [victim = 0] = workersOf(proxy);
    process.kill(victim, 'SIGSTOP');
    await until(() => workersOf(proxy).length === 2 && !workersOf(proxy).includes(victim));
    expect(proxy.printed.stdout).toContain(`worker ${victim} is stuck`);
    expect((await post(`${proxy.url}/articles/_search`)).status).toBe(200);
  });

  it('takes a new tree in all of them under load, and no request fails', async () => {
    const proxy = await start();
    const next = smallTree(['COM:69123', 'COM:69266', 'COM:69999']);
    const url = `${proxy.url}/articles/_search`;
    const load = new Load(8, () => ({ url, body: SEARCH }));
    await until(() => load.outcomes.length > 50);
    await next.save(join(folder, 'map.tree'));
    await until(() => proxy.printed.stdout.includes(`tree ${next.version} is in use`));
    // All workers have it by then; what was under way, one request a client, may still end with the other.
    const swapped = load.outcomes.length + 8;
    await until(() => load.outcomes.length > swapped + 50);
    const outcomes = await load.stop();
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([200]));
    const versions = outcomes.map(({ headers }) => headers?.['x-territory-version']);
    expect(new Set(versions)).toEqual(new Set([smallTree().version, next.version]));
    expect(new Set(versions.slice(swapped))).toEqual(new Set([next.version]));
    // Pages of a search that began before are still served, by every worker and by one that begins later.
    const [victim = 0] = workersOf(proxy);
    process.kill(victim, 'SIGKILL');
    await until(() => workersOf(proxy).length === 2 && !workersOf(proxy).includes(victim));
    for (let i = 0; i < 4; i++) {
      const headers = { 'content-type': 'application/json', connection: 'close' };
      const old = { ...headers, 'x-territory-version': smallTree().version };
      const pages = await Promise.all(
        [headers, old].map((sent) => fetch(url, { method: 'POST', headers: sent, body: SEARCH })),
      );
      expect(pages.map((page) => page.headers.get('x-territory-version'))).toEqual([
        next.version,
        old['x-territory-version'],
      ]);
    }
  });

  it('refuses a torn snapshot once, keeps the tree, and recovers', async () => {
    const proxy = await start();
    const torn = smallTree(['COM:69123']).toBuffer();
    await writeFile(join(folder, 'torn'), torn.subarray(0, torn.length - 100));
    await rename(join(folder, 'torn'), join(folder, 'map.tree'));
    await until(async () => (await statsOf(proxy)).tree.refused !== undefined);
    expect((await statsOf(proxy)).tree.version).toBe(smallTree().version);
    expect(await metric(proxy, 'territory_errors_total{type="tree_cache_corrupt_exception"}')).toBe(1);
    expect(
      logLines(proxy).filter(({ message }) => String(message).startsWith('the snapshot was not taken')),
    ).toHaveLength(1);
    const good = smallTree(['COM:69123']);
    await good.save(join(folder, 'map.tree'));
    await until(async () => (await statsOf(proxy)).tree.version === good.version);
    expect((await statsOf(proxy)).tree).not.toHaveProperty('refused');
    for (let i = 0; i < 4; i++) {
      expect((await post(`${proxy.url}/articles/_search`)).headers.get('x-territory-version')).toBe(good.version);
    }
  });

  it('ends on SIGTERM to all its processes when what is under way is done, and is not ready meanwhile', async () => {
    const proxy = await start();
    const slow = Array.from({ length: 4 }, () => post(`${proxy.url}/slow/_search`));
    await until(() => stub.asked.filter(({ target }) => target.startsWith('/slow/_search')).length === 4);
    const [probe] = [new Probe(proxy.url)];
    // As a terminal or an init system may, all of a group are told.
    for (const pid of [proxy.child.pid as number, ...workersOf(proxy)]) process.kill(pid, 'SIGTERM');
    await until(async () => /^HTTP\/1\.1 503 /.test(await probe.ask()));
    stub.release();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await proxy.ended).toBe(0);
    expect(workersOf(proxy).filter(isAlive)).toEqual([]);
  });

  it('ends at once on a second signal, and leaves no worker behind', async () => {
    const proxy = await start();
    const slow = post(`${proxy.url}/slow/_search`).catch(() => 'cut off');
    await until(() => stub.asked.some(({ target }) => target.startsWith('/slow/_search')));
    const workers = workersOf(proxy);
    proxy.child.kill('SIGTERM');
    await until(() => proxy.printed.stdout.includes('SIGTERM: ending'));
    proxy.child.kill('SIGTERM');
    expect(await proxy.ended).toBe(1);
    expect(await slow).toBe('cut off');
    await until(() => !workers.some(isAlive));
  });

  it('leaves no worker behind when the primary is killed', async () => {
    const proxy = await start();
    const workers = workersOf(proxy);
    proxy.child.kill('SIGKILL');
    await until(() => !workers.some(isAlive));
  });

  it('bounds the requests in flight for all workers together', async () => {
    await writeFile(environment.TERRITORY_CONFIG ?? '', `${CONFIG}limits: { inFlight: 4 }\n`);
    const proxy = await start();
    const slow = Array.from({ length: 12 }, () => post(`${proxy.url}/slow/_search`));
    const refused = slow.map(async (one) => (await one).status);
    await until(() => stub.asked.filter(({ target }) => target.startsWith('/slow/_search')).length === 4);
    await until(async () => (await metric(proxy, 'territory_errors_total{type="territory_busy_exception"}')) === 8);
    expect(await metric(proxy, 'territory_in_flight')).toBe(4);
    stub.release();
    const statuses = await Promise.all(refused);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  });

  it('speaks TLS in each of them, and knows who asks the API and how', async () => {
    const pem = (name: string) => fileURLToPath(new URL(`../proxy/support/certificates/${name}.pem`, import.meta.url));
    const tls = JSON.stringify({ cert: pem('server'), key: pem('server.key') });
    await writeFile(environment.TERRITORY_CONFIG ?? '', `${CONFIG}tls: ${tls}\n`);
    const proxy = await start();
    expect(proxy.url).toMatch(/^https:/);
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { method, ca: readFileSync(pem('ca')), headers, agent: false as const };
        request(`${proxy.url}${path}`, options, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      });
    const { host } = new URL(proxy.url);
    for (let i = 0; i < 4; i++) {
      expect(await ask('GET', '/articles/_search?q=territory:DEP:69')).toBe(200);
      expect(await ask('DELETE', '/_territory/cache', { origin: `https://${host}` })).toBe(200);
      expect(await ask('DELETE', '/_territory/cache', { origin: `http://${host}` })).toBe(403);
    }
  });

  it('does not start on a port that is taken', async () => {
    const proxy = await start({ WORKERS: '1' });
    const command = startCommand(['serve'], { ...environment, PORT: new URL(proxy.url).port });
    expect(await command.ended).toBe(1);
    expect(command.printed.stderr).toContain('EADDRINUSE');
  });
});

/** One connection that is kept, and so stays with one worker. */
class Probe {
  readonly #socket: Socket;
  #text = '';

  constructor(url: string) {
    this.#socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
    });
    this.#socket.on('error', () => undefined);
  }

  async ask(): Promise<string> {
    this.#text = '';
    this.#socket.write('GET /_territory/readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => /\}$/.test(this.#text) || this.#socket.destroyed);
    return this.#text;
  }
}
