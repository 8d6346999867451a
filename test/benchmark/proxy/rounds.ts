import { type Contender, cpuMicros } from './contenders.js';
import { sendLoad } from './load.js';

export const CONNECTIONS = 16;

/** Rounds for each contender that aren't measured: code that has just been compiled is not what runs all day. */
const WARM_UP = 2;

/** Requests of a round on one connection. */
const ONE_BY_ONE = 3000;

interface Sample {
  readonly cpu: number;
  readonly perSecond: number;
}

export interface Figures {
  /** Median and least CPU µs a request. */
  readonly cpu: number;
  readonly best: number;
  readonly perSecond: number;
}

/** In µs, from a request sent to its answer whole. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1]!;
}

/** What each contender needs for a request on many connections: `count` of them a round, interleaved rounds. */
export async function measured(
  all: readonly Contender[],
  { request, count }: { readonly request: Buffer; readonly count: number },
  rounds: number,
): Promise<Map<string, Figures>> {
  const samples = new Map<string, Sample[]>(all.map(({ name }) => [name, []]));
  for (const { port } of all) await sendLoad(port, request, CONNECTIONS, WARM_UP * count);
  for (let round = 0; round < rounds; round++) {
    for (const { name, port, pid } of all) {
      const before = cpuMicros(pid);
      const load = await sendLoad(port, request, CONNECTIONS, count);
      samples.get(name)!.push({ cpu: (cpuMicros(pid) - before) / count, perSecond: count / load.seconds });
    }
  }
  return new Map<string, Figures>(
    [...samples].map(([name, list]) => {
      const cpu = list.map((sample) => sample.cpu);
      const figures = { cpu: median(cpu), best: Math.min(...cpu), perSecond: median(list.map((s) => s.perSecond)) };
      return [name, figures];
    }),
  );
}

/** How long a request takes on one connection, by contender: medians of interleaved rounds. */
export async function latencies(
  all: readonly Contender[],
  request: Buffer,
  rounds: number,
): Promise<Map<string, Latency>> {
  const samples = new Map<string, Latency[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, port } of all) {
      const { latencies: list } = await sendLoad(port, request, 1, ONE_BY_ONE);
      const quantile = (q: number): number => list[Math.min(list.length - 1, Math.floor(list.length * q))]!;
      samples.get(name)!.push({ p50: quantile(0.5), p99: quantile(0.99) });
    }
  }
  return new Map(
    [...samples].map(([name, list]) => {
      return [name, { p50: median(list.map(({ p50 }) => p50)), p99: median(list.map(({ p99 }) => p99)) }];
    }),
  );
}
