/** A machine that gives no new process for a while: the primary and the other workers go on, and it is tried again. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScene, type Running, type Scene } from './support/scene.js';
import { logLines, startCommand, until } from './support/territory-proxy.js';
import { workersOf } from './support/workers.js';

let scene: Scene;

beforeEach(async () => {
  scene = await makeScene('indices: { "articles*": { units: territories } }\nhistory: off\n', { WORKERS: '2' });
});
afterEach(() => scene.remove());

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
  const [bin, aside] = [join(scene.folder, 'bin'), join(scene.folder, 'aside')];
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
async function survives(serving: Running, code: string, back: () => void): Promise<void> {
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
  await until(() => workersOf(serving).length === 2);
  for (let i = 0; i < 4; i++) expect(await search(serving)).toBe(200);
  expect(await failures(serving)).toBeGreaterThanOrEqual(4);
  serving.child.kill('SIGTERM');
  expect(await serving.ended).toBe(0);
}

it('goes on when a worker can not be replaced because the system says so later (ENOENT, as EAGAIN)', async () => {
  const { node, away, back } = ownNode();
  const proxy = await scene.start({}, node);
  await until(() => workersOf(proxy).length === 2);
  away();
  await survives(proxy, 'ENOENT', back);
});

it('goes on when a worker can not be replaced because the system throws (ENOTDIR, as ENOMEM)', async () => {
  const { node, away, back } = ownNode();
  const proxy = await scene.start({}, node);
  await until(() => workersOf(proxy).length === 2);
  away();
  writeFileSync(join(scene.folder, 'bin'), '');
  await survives(proxy, 'ENOTDIR', back);
});

it('goes on when a worker can not be replaced because no file can be opened (EMFILE)', async () => {
  const proxy = await scene.start();
  const { pid } = proxy.child;
  await until(() => workersOf(proxy).length === 2);
  const soft = (files: number) => execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${files}:`]);
  // What is open stays so.
  soft(3);
  await survives(proxy, 'EMFILE', () => soft(1024));
});

it('ends with a sentence when there is no process for the first worker', async () => {
  const { node } = ownNode();
  // Read by the command, and gone when it forks.
  const command = startCommand(['serve'], { HOST: '127.0.0.1', PORT: '0', ...scene.environment }, node);
  rmSync(node);
  expect(await command.ended).toBe(1);
  expect(command.printed.stderr).toContain('there is no such file or folder');
});
