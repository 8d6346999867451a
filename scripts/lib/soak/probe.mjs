// Loaded into every process of the proxy under a soak (`NODE_OPTIONS=--import`): notes every few seconds, a line each, what
// the process holds. Live is what a full collection leaves, so that growth of it is a leak, and growth of the resident
// memory alone is what V8 and the allocator keep for later.
import { appendFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 5_000;
const MB = 2 ** 20;

function openFiles() {
  const found = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return undefined; // the folder's own
    }
  });
  const open = found.filter((name) => name !== undefined);
  return { files: open.length, sockets: open.filter((name) => name.startsWith('socket:')).length };
}

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const name = process.argv[1]?.endsWith('worker-main.js') ? 'worker' : 'primary';
  const note = () => {
    const { rss } = process.memoryUsage();
    // Twice: what the first finds dead may hold buffers, which the second frees.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const sample = { rss: rss / MB, live: (heapUsed + external) / MB, ...openFiles() };
    const line = JSON.stringify({ name, pid: process.pid, age: process.uptime(), ...sample });
    appendFileSync(process.env.SOAK_PROBE, `${line}\n`);
  };
  setInterval(note, EVERY_MS).unref();
}
