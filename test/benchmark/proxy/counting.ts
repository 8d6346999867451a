import { randomInts, table } from '../measure.js';
import { type Contender, type Contenders, cpuNanos } from './contenders.js';
import { sendLoad } from './load.js';
import { SHORTHAND, WITHOUT } from './requests.js';

/** What counting adds to a request, in per cent: the median of all rounds, and between what it lies, 19 times of 20. */
export interface CountingCost {
  readonly scenario: string;
  readonly what: 'counting' | 'logging';
  readonly cpu: Interval;
  /** By how much fewer requests are served in a second. */
  readonly throughput: Interval;
}

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const SCENARIOS = [
  { name: 'without shorthand', request: WITHOUT },
  { name: 'one cached shorthand', request: SHORTHAND },
] as const;
const CONNECTIONS = 16;
/** Short, so that a machine that slows down does so within a round as well as between two. */
const REQUESTS = 1_000;
const WARM_UP = 12_000;
/** Compiled code differs from one process to the next by more than what is measured, so that the intervals are of these. */
const PROCESSES = 8;
const IDLE_MS = 11_000;

/**
 * Measures by listeners in one and the same process, which share everything but what is made of a request: nothing, the
 * counting, or the counting and the query log. Two are asked in turn, A B B A, and each such round gives one ratio.
 */
export async function countingCosts(contenders: Contenders, upstream: string, rounds: number): Promise<CountingCost[]> {
  const samples = SCENARIOS.flatMap(({ name }) =>
    (['counting', 'logging'] as const).map((what) => ({
      scenario: name,
      what,
      // Of each process the ratios of its rounds.
      cpu: [] as number[][],
      seconds: [] as number[][],
    })),
  );
  const base = new Map<string, number[]>(SCENARIOS.map(({ name }) => [name, []]));
  let idle = 0;
  for (let i = 0; i < PROCESSES; i++) {
    const proxy = await contenders.node('counting', 'territory-counting', 0, upstream);
    for (const { name, request } of SCENARIOS) {
      const once = (port: number, count = REQUESTS) => measured(proxy, port, request, count);
      for (const port of proxy.ports) await once(port, WARM_UP);
      const [off = 0, ...others] = proxy.ports;
      for (const one of samples.filter(({ scenario }) => scenario === name)) {
        one.cpu.push([]);
        one.seconds.push([]);
      }
      for (let round = 0; round < Math.ceil(rounds / PROCESSES); round++) {
        for (const [j, on] of others.entries()) {
          const [a1, b1, b2, a2] = [await once(off), await once(on), await once(on), await once(off)];
          const { cpu, seconds } = samples.find(
            (one) => one.scenario === name && one.what === (j === 0 ? 'counting' : 'logging'),
          )!;
          cpu.at(-1)!.push((b1.cpu + b2.cpu) / (a1.cpu + a2.cpu));
          seconds.at(-1)!.push((b1.seconds + b2.seconds) / (a1.seconds + a2.seconds));
          base.get(name)!.push((a1.cpu + a2.cpu) / (2 * REQUESTS));
        }
      }
    }
    if (i === PROCESSES - 1) idle = await idleShare(proxy.pid);
    contenders.kill(proxy);
  }
  const costs = samples.map(({ scenario, what, cpu, seconds }) => ({
    ...{ scenario, what },
    cpu: interval(cpu.map((ratios) => ratios.map((ratio) => (ratio - 1) * 100))),
    throughput: interval(seconds.map((ratios) => ratios.map((ratio) => (1 - 1 / ratio) * 100))),
  }));
  const shown = ({ median, low, high }: Interval) => `${median.toFixed(1)} % (${low.toFixed(1)} … ${high.toFixed(1)})`;
  const rows = costs.map(({ scenario, what, cpu, throughput }) => [
    `${scenario}, ${what === 'counting' ? 'counted' : 'counted and logged'}`,
    (medianOf(base.get(scenario)!) / 1000).toFixed(1),
    shown(cpu),
    shown(throughput),
  ]);
  console.log(
    `\nWhat counting costs: medians of ${samples[0]!.cpu.flat().length} rounds A B B A of ${4 * REQUESTS} requests in ${PROCESSES} processes, and their 95 % intervals\n`,
  );
  console.log(table(['', 'CPU µs a request without', 'more CPU', 'fewer requests/s'], rows));
  console.log(
    `\nWithout a request the process takes ${(idle * 100).toFixed(2)} % of a core: the look at itself each second, and the history's writes.`,
  );
  return costs;
}

async function measured({ pid }: Contender, port: number, request: Buffer, count: number) {
  const before = cpuNanos(pid);
  const { seconds } = await sendLoad(port, request, CONNECTIONS, count);
  return { cpu: cpuNanos(pid) - before, seconds };
}

async function idleShare(pid: number): Promise<number> {
  const before = cpuNanos(pid);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return (cpuNanos(pid) - before) / (IDLE_MS * 1e6);
}

/** The median of all rounds, and by drawing the processes anew (bootstrap) how far it may be off. */
function interval(processes: readonly (readonly number[])[]): Interval {
  const random = randomInts(processes.length);
  const drawn = () => processes.flatMap(() => processes[random(processes.length)]!);
  const medians = Array.from({ length: 2000 }, () => medianOf(drawn())).sort((a, b) => a - b);
  return { median: medianOf(processes.flat()), low: medians[50]!, high: medians[1949]! };
}

function medianOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1]!;
}
