import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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

/** The ports from which a process has TCP connections (IPv4, of Linux). */
export function portsOf(pid: number): Set<number> {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed since
      }
    }),
  );
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'latin1').split('\n').slice(1);
  const own = rows.map((row) => row.trim().split(/\s+/)).filter((fields) => inodes.has(fields[9] ?? ''));
  return new Set(own.map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)));
}
