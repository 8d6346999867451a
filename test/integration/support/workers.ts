import { type CommandProcess, logLines } from './territory-proxy.js';

/** The process ids of the workers that take requests, as the log tells them. */
export function workersOf(proxy: CommandProcess): number[] {
  const pids = new Set<number>();
  for (const { message, process } of logLines(proxy) as { message: string; process?: { pid: number } }[]) {
    if (process === undefined) continue;
    if (message.endsWith('takes requests')) pids.add(process.pid);
    if (message.includes('died')) pids.delete(process.pid);
  }
  return [...pids];
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
