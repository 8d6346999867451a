import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Runs `work` while no other process of this machine runs work under the same lock file. The lock of a process that
 * died is taken over. It saves doing the same work twice; it is no guard of correctness (two processes may both find
 * the same dead lock), so `work` publishes its result with a rename.
 *
 * @template T
 * @param {string} file holds the process id of the one at work
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
    else await sleep(300);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
