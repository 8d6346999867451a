import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
// @ts-expect-error a script without types
import { freePort } from '../../scripts/lib/free-port.mjs';
import { elasticsearchUrl, newClient } from './support/elasticsearch.js';

const FIRST_RUN_MS = 900_000;
const INDEX = 'articles';
const direct = newClient();
let port: number;
/** Whether the index is one that the test itself made in the name of someone else. */
let foreign = false;

interface Demo {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

function startDemo(environment: Record<string, string> = {}): Demo {
  const child = spawn(process.execPath, ['scripts/demo.mjs'], {
    env: { ...process.env, ELASTICSEARCH_URL: elasticsearchUrl(), PORT: String(port), ...environment },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output: () => output, ended };
}

async function until(demo: Demo, text: string): Promise<void> {
  while (!demo.output().includes(text)) {
    if (demo.child.exitCode !== null) throw new Error(`The demo ended early:\n${demo.output()}`);
    await sleep(100);
  }
}

async function indexOwner(): Promise<string | undefined> {
  if (!(await direct.indices.exists({ index: INDEX }))) return undefined;
  const mapping = await direct.indices.getMapping({ index: INDEX });
  return String(mapping[INDEX]?.mappings._meta?.owner);
}

beforeAll(async () => {
  port = await freePort();
  const owner = await indexOwner();
  if (owner !== undefined && !owner.startsWith('npm run demo')) {
    throw new Error(`This Elasticsearch has an index "${INDEX}" of someone else: the test of the demo needs another.`);
  }
});

afterEach(async () => {
  if (foreign) await direct.indices.delete({ index: INDEX });
  foreign = false;
});

afterAll(() => direct.close());

describe('npm run demo', () => {
  test('leaves an index of someone else alone', async () => {
    await direct.indices.delete({ index: INDEX, ignore_unavailable: true });
    await direct.index({ index: INDEX, id: '1', document: { mine: true }, refresh: true });
    foreign = true;
    const demo = startDemo();
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain('has an index "articles" that the demo did not make, so it is left alone');
    expect((await direct.count({ index: INDEX })).count).toBe(1);
  });

  test('says that its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const demo = startDemo();
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain(`Port ${port} of 127.0.0.1 is taken`);
    await new Promise((resolve) => server.close(resolve));
  });

  test(
    'shows the product on real articles, stays up, and stops all of it on Ctrl-C',
    async () => {
      const demo = startDemo();
      await until(demo, 'It stays up.');
      expect(demo.output()).toContain('57625 of French collective agreements');
      expect(demo.output().match(/cache miss\); again: .*cache hit/g)?.length).toBeGreaterThanOrEqual(5);
      expect(demo.output()).toContain('unknown_unit_exception');

      const url = `http://127.0.0.1:${port}`;
      const twice = async (path: string, body?: object) => {
        const init = body && {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
        await (await fetch(url + path, init)).arrayBuffer();
        const answer = await fetch(url + path, init);
        const { hits, error } = (await answer.json()) as { hits?: { total: { value: number } }; error?: object };
        return {
          status: answer.status,
          hits: hits?.total.value,
          cache: answer.headers.get('x-territory-cache'),
          error,
        };
      };
      const search = `/${INDEX}/_search`;
      expect(await twice(`${search}?q=salaire+AND+territory:DEP:69`)).toMatchObject({ status: 200, cache: 'hit' });
      expect((await twice(`${search}?q=salaire+AND+territory:DEP:69`)).hits).toBeGreaterThan(100);
      const clause = { query: { territory: { expression: 'REG:84 - DEP:69', relation: 'within' } } };
      expect(await twice(search, clause)).toMatchObject({ status: 200, cache: 'hit' });
      expect((await twice(search, clause)).hits).toBeGreaterThan(300);
      expect(await twice(`${search}?q=territory:COM:234`)).toMatchObject({
        status: 400,
        error: { units: ['COM:234'], suggestions: { 'COM:234': expect.arrayContaining(['COM:01234']) } },
      });
      const stats = (await (await fetch(`${url}/_territory/stats`)).json()) as { cache: { hits: number } };
      expect(stats.cache.hits).toBeGreaterThan(0);

      // The stand-up page has two weeks of history, and says that they were seeded.
      expect(demo.output()).toContain(`${url}/_territory/dashboard`);
      const page = await fetch(`${url}/_territory/dashboard`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html>')]);
      // The database of the history opens behind the proxy's back, which is there before.
      const json = async <T>(path: string) => (await (await fetch(`${url}/_territory/${path}`)).json()) as T;
      const oldest = async () => (await json<{ trees: { since: number }[] }>('trees')).trees.at(-1)?.since ?? Infinity;
      while ((await oldest()) > Date.now() - 14 * 86_400_000) await sleep(500);
      const marks = async () => (await json<{ marks: { data: object }[] }>('standup')).marks;
      while (!(await marks()).some(({ data }) => 'seeded' in data)) await sleep(500);

      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
      expect(await direct.ping()).toBe(true);
    },
    FIRST_RUN_MS,
  );

  test('finds the articles of an earlier run', async () => {
    const demo = startDemo();
    await until(demo, 'It stays up.');
    expect(demo.output()).toContain('(from an earlier run)');
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await direct.indices.delete({ index: INDEX });
  });
});
