/** A machine that gives no new process for a while: the primary and the other workers go on, and it is tried again. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { logLines, startCommand, startProxy, until } from './support/territory-proxy.js';
import { workersOf } from './support/workers.js';

/** Each test starts processes of its own, on a machine that may be busy. */
jest.setTimeout(60_000);

let folder: string;
let stub: RecordingElasticsearch;
let environment: Record<string, string>;
let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-fork-'));
  stub = await startRecording();
  environment = {
    ELASTICSEARCH_URL: stub.url,
    TERRITORY_TREE: join(folder, 'map.tree'),
    TERRITORY_CONFIG: join(folder, 'config.yaml'),
    WORKERS: '2',
    TMPDIR: folder,
  };
  await writeFile(join(folder, 'config.yaml'), 'indices: { "articles*": { units: territories } }\nhistory: off\n');
  await smallTree().save(join(folder, 'map.tree'));
  proxy = undefined;
});

afterEach(async () => {
  proxy?.child.kill('SIGKILL');
  await proxy?.ended;
  await stub.close();
  await rm(folder, { recursive: true });
});

const search = async ({ url }: { url: string }) => {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const body = '{"query":{"term":{"territory":"DEP:69"}}}';
  return (await fetch(`${url}/articles/_search`, { method: 'POST', headers, body })).status;
};

const failures = async ({ url }: { url: string }) => {
  const text = await (await fetch(`${url}/_territory/metrics`, { headers: { connection: 'close' } })).text();
  return Number(/^territory_worker_start_failures_total (\d+)$/m.exec(text)?.[1]);
};

/** A Node of the test's own, so that there can be none for a while. */
function ownNode(): { node: string; away: () => void; back: () => void } {
  const [bin, aside] = [join(folder, 'bin'), join(folder, 'aside')];
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, 'node'));
  return {
    node: join(bin, 'node'),
    away: () => renameSync(bin, aside),
    back: () => {
      rmSync(bin, { force: true });
      renameSync(aside, bin);
    },
  };
}

/** Kills a worker while no process can be had, and checks that the other serves until one can. */
async function survives(serving: NonNullable<typeof proxy>, code: string, back: () => void): Promise<void> {
  const [victim = 0, other = 0] = workersOf(serving);
  process.kill(victim, 'SIGKILL');
  // More often than the brake lets it be at once: it waits, and does not spin.
  await until(() => serving.printed.stdout.includes('for too many died young'));
  for (const line of logLines(serving).filter(({ message }) => String(message).includes('gives no process'))) {
    expect(line).toMatchObject({ 'log.level': 'error', message: expect.stringContaining(code) });
  }
  expect(serving.child.exitCode).toBeNull();
  expect(workersOf(serving)).toEqual([other]);
  back();
  await until(() => workersOf(serving).length === 2, 30_000);
  for (let i = 0; i < 4; i++) expect(await search(serving)).toBe(200);
  expect(await failures(serving)).toBeGreaterThanOrEqual(4);
  serving.child.kill('SIGTERM');
  expect(await serving.ended).toBe(0);
}

it('goes on when a worker can not be replaced because the system says so later (ENOENT, as EAGAIN)', async () => {
  const { node, away, back } = ownNode();
  proxy = await startProxy(environment, [], node);
  await until(() => workersOf(proxy!).length === 2);
  away();
  await survives(proxy, 'ENOENT', back);
});

it('goes on when a worker can not be replaced because the system throws (ENOTDIR, as ENOMEM)', async () => {
  const { node, away, back } = ownNode();
  proxy = await startProxy(environment, [], node);
  await until(() => workersOf(proxy!).length === 2);
  away();
  writeFileSync(join(folder, 'bin'), '');
  await survives(proxy, 'ENOTDIR', back);
});

it('goes on when a worker can not be replaced because no file can be opened (EMFILE)', async () => {
  proxy = await startProxy(environment);
  const { pid } = proxy.child;
  await until(() => workersOf(proxy!).length === 2);
  const soft = (files: number) => execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${files}:`]);
  // What is open stays so.
  soft(3);
  await survives(proxy, 'EMFILE', () => soft(1024));
});

it('ends with a sentence when there is no process for the first worker', async () => {
  const { node } = ownNode();
  // Read by the command, and gone when it forks.
  const command = startCommand(['serve'], { HOST: '127.0.0.1', PORT: '0', ...environment }, node);
  rmSync(node);
  expect(await command.ended).toBe(1);
  expect(command.printed.stderr).toContain('there is no such file or folder');
});
