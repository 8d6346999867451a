import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const BEAT_MS = 5_000;
/** On another machine a process can't be looked up: its lock holds as long as it is renewed. */
const STALE_MS = 30_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** Another process has the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';

  constructor(
    readonly folder: string,
    readonly owner: Owner,
  ) {
    super(`the process ${owner.pid} on ${owner.host} uses the folder ${folder}`);
  }
}

/** Folders that this process has locked: its own id in a lock file of another run must not count as alive. */
const ours = new Set<string>();

/**
 * Takes a folder for this process, making it where it is not there. The lock is a file `lock` in it; one that a killed
 * process left behind is taken over.
 * @returns gives the folder back
 * @throws FolderLockedError, or the file system's error
 */
export function lockFolder(folder: string, now: () => number = Date.now): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  const owner: Owner = { pid: process.pid, host: hostname() };
  if (ours.has(file)) throw new FolderLockedError(folder, owner);
  const text = JSON.stringify(owner);
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const other = ownerOf(file);
    if (other !== undefined && holds(other, file, now())) throw new FolderLockedError(folder, other);
    rmSync(file, { force: true });
    // Of two that find the same stale lock, one makes the new file.
    try {
      writeFileSync(file, text, { flag: 'wx' });
    } catch {
      throw new FolderLockedError(folder, ownerOf(file) ?? owner);
    }
  }
  ours.add(file);
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(now()), new Date(now()));
    } catch {
      // The folder is gone; the database in it will say so.
    }
  }, BEAT_MS).unref();
  return () => {
    clearInterval(beat);
    ours.delete(file);
    rmSync(file, { force: true });
  };
}

function ownerOf(file: string): Owner | undefined {
  try {
    const { pid, host } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined; // torn by a crash, or gone since
  }
}

function holds({ pid, host }: Owner, file: string, now: number): boolean {
  if (host !== hostname()) return now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < STALE_MS;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
