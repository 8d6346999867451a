import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { processStart } from './process-start.js';

const BEAT_MS = 5_000;
/** On another machine a process can't be looked up: its claim holds as long as it is renewed. */
const STALE_MS = 30_000;
/** Of several that claim in the same moment none may have it: each tries again after a while of its own. */
const ATTEMPTS = 6;
const PAUSE_MS = 50;

/** Who claims a folder. It is the name of the file. */
interface Claim {
  readonly file: string;
  readonly host: string;
  readonly pid: number;
  /** `processStart`: an id is used again, by another process. */
  readonly started: string;
}

/** Another process has the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';

  constructor(
    readonly folder: string,
    readonly owner: { readonly pid: number; readonly host: string },
  ) {
    super(`the process ${owner.pid} on ${owner.host} uses the folder ${folder}`);
  }
}

/**
 * Takes a folder for this process, making it where it is not there.
 *
 * Who wants it first puts down a claim, a file whose name no other claim ever has, and then looks for the claims of
 * others. Where there is one of a living process it takes its own away again. Of two, the one that looks last finds the
 * claim of the other, so never both have the folder; and a claim of a dead process is taken away by whoever finds it,
 * for nobody else's has that name. So there is nothing to take over, and no race about it.
 * @param lost told when the claim was taken away by a process on another machine, which took this one for dead
 * @returns gives the folder back
 * @throws FolderLockedError, or the file system's error
 */
export async function lockFolder(folder: string, lost: () => void = () => undefined): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const file = join(folder, claimName());
    writeFileSync(file, '', { flag: 'wx' });
    const other = otherClaim(folder, file);
    if (other === undefined) return keep(file, lost);
    rmSync(file, { force: true });
    if (attempt === ATTEMPTS) throw new FolderLockedError(folder, other);
    await wait(Math.random() * PAUSE_MS);
  }
}

function keep(file: string, lost: () => void): () => void {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      clearInterval(beat);
      lost();
    }
  }, BEAT_MS).unref();
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}

function claimName(): string {
  const started = processStart(process.pid) ?? 'unknown';
  return `${encodeURIComponent(hostname())}.${process.pid}.${started}.${randomBytes(6).toString('hex')}.lock`;
}

/** The claim of somebody who lives. Those of the dead are taken away. */
function otherClaim(folder: string, own: string): Claim | undefined {
  let living: Claim | undefined;
  for (const name of readdirSync(folder)) {
    const [, host, pid, started] = /^(.+)\.(\d+)\.(\w+)\.\w+\.lock$/.exec(name) ?? [];
    const file = join(folder, name);
    if (host === undefined || started === undefined || file === own) continue;
    const claim = { file, host: decodeURIComponent(host), pid: Number(pid), started };
    if (lives(claim)) living ??= claim;
    else rmSync(file, { force: true });
  }
  return living;
}

function lives({ file, host, pid, started }: Claim): boolean {
  if (host !== hostname()) return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < STALE_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // Where a process of another user can't be looked at, that it lives must do.
  const now = processStart(pid);
  return now === undefined || now === started;
}
