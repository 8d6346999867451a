import { table } from '../measure.js';
import type { Figures, Latency } from './rounds.js';

/** What a request costs by contender. Of `direct`, which is no proxy, the CPU is left out. */
export function costs(figures: ReadonlyMap<string, Figures>): string {
  const nginx = figures.get('nginx');
  const rows = [...figures].map(([name, { cpu, best, perSecond }]) => [
    name,
    name === 'direct' ? '' : cpu.toFixed(1),
    name === 'direct' ? '' : best.toFixed(1),
    nginx === undefined || name === 'direct' ? '' : (cpu / nginx.cpu).toFixed(2),
    perSecond.toFixed(0),
  ]);
  return table(['', 'CPU µs a request', 'best', '× nginx', 'requests/s'], rows);
}

/** How long a request takes by contender, and how much longer than `direct`. */
export function times(latencies: ReadonlyMap<string, Latency>): string {
  const direct = latencies.get('direct')!;
  const rows = [...latencies].map(([name, { p50, p99 }]) => {
    return [name, ...[p50, p99, p50 - direct.p50, p99 - direct.p99].map((us) => us.toFixed(0))];
  });
  return table(['', 'p50', 'p99', 'added p50', 'added p99'], rows);
}
