import type { ChildProcess } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * With little in the heap V8 looks through all of it whenever a few MB of buffers have passed, and buffers are what streams
 * through a proxy: so bulk requests took twice the time. From here on it lets more of them pass, in MB.
 */
const HEAP = '--initial-old-space-size=64';

const MAIN = fileURLToPath(new URL('./worker-main.js', import.meta.url));

/**
 * A new process of `node:cluster`, which has begun; what it says is heard by whoever listens at once.
 * @throws (rejects with) the system's error where it gives none: EAGAIN, ENOMEM, EMFILE, … Node throws some of them, and
 *   tells the others by an event that no `exit` follows
 */
export async function forkWorker(): Promise<ChildProcess> {
  // Round robin: the kernel's own choice gives most connections to few of the processes.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: MAIN, args: [], silent: true, execArgv: [HEAP, ...process.execArgv] });
  const worker = cluster.fork();
  // Writing to a process that just died fails; its end is told by itself.
  worker.on('error', () => undefined);
  try {
    await once(worker.process, 'spawn');
  } catch (error) {
    // Of a process that never was there is no end, by which the cluster would forget it.
    delete cluster.workers?.[worker.id];
    throw error;
  }
  return worker.process;
}
