import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderLockedError, lockFolder } from '../../src/store/folder-lock.js';

const CONTENDER = fileURLToPath(new URL('./support/lock-contender.mjs', import.meta.url));

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-lock-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) await killed(child);
  await rm(folder, { recursive: true });
});

function contender(): ChildProcess {
  const child = fork(CONTENDER, [folder]);
  children.push(child);
  return child;
}

async function told(child: ChildProcess, message: object | string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0];
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** The name of what a process leaves behind that is killed while it has the folder. */
async function staleClaim(): Promise<string> {
  const owner = contender();
  expect(await told(owner, { at: 0 })).toBe('taken');
  await killed(owner);
  const [claim, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return claim!;
}

describe('the lock of a folder', () => {
  it('has one owner where several processes take over the lock of a killed one in the same moment', async () => {
    const stale = await staleClaim();
    const racers = [contender(), contender(), contender(), contender()];
    for (let round = 0; round < 60; round++) {
      await writeFile(join(folder, stale), '');
      const at = Date.now() + 6;
      const answers = await Promise.all(racers.map((racer) => told(racer, { at })));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'FolderLockedError')).toHaveLength(3);
      await Promise.all(racers.map((racer) => told(racer, 'release')));
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is free at once when its owner was killed, and not before', async () => {
    const owner = contender();
    expect(await told(owner, { at: 0 })).toBe('taken');
    await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
    await expect(lockFolder(folder)).rejects.toThrow(`the process ${owner.pid} on `);
    await killed(owner);
    const release = await lockFolder(folder);
    // What the dead one left behind is gone.
    expect(await readdir(folder)).toHaveLength(1);
    release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a dead process does not hold because another process has its id now', async () => {
    const stale = await staleClaim();
    const other = spawn('sleep', ['600']);
    children.push(other);
    await rename(join(folder, stale), join(folder, stale.replace(/\.\d+\./, `.${other.pid}.`)));
    const release = await lockFolder(folder);
    release();
  });

  it('of another machine holds as long as it is renewed', async () => {
    const stale = join(folder, `elsewhere.1.123.abc.lock`);
    await writeFile(stale, '');
    await expect(lockFolder(folder)).rejects.toThrow('the process 1 on elsewhere uses');
    const before = new Date(Date.now() - 31_000);
    await utimes(stale, before, before);
    (await lockFolder(folder))();
  });

  it('tells its owner, where that was taken for dead by another machine', async () => {
    let tell: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await lockFolder(folder, tell);
    for (const claim of await readdir(folder)) await rm(join(folder, claim));
    await lost;
  });

  it('holds against the same process too', async () => {
    const release = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`the process ${process.pid} on `);
    release();
    (await lockFolder(folder))();
  });
});
