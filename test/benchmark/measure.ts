/** Times functions side by side: interleaved rounds in one run, the best and the median of each. */

export interface Timing {
  /** Nanoseconds a call. */
  readonly best: number;
  readonly median: number;
}

const ROUND_MS = 8;

/**
 * Times each function in `rounds` rounds, one after the other in each, so that a machine that slows down slows all of
 * them. A function returns a number that depends on its work, so that none of it can be left out.
 */
export function measure<Functions extends Record<string, () => number>>(
  functions: Functions,
  rounds = 15,
): Record<keyof Functions & string, Timing> {
  type Name = keyof Functions & string;
  const names = Object.keys(functions) as Name[];
  const calls = new Map(names.map((name) => [name, callsFor(functions[name]!)]));
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times.get(name)!.push(time(functions[name]!, calls.get(name)!));
  }
  return Object.fromEntries(names.map((name) => [name, summary(times.get(name)!)])) as Record<Name, Timing>;
}

export let sink = 0;

function time(run: () => number, calls: number): number {
  let sum = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) sum += run();
  const ns = Number(process.hrtime.bigint() - start) / calls;
  sink += sum;
  return ns;
}

/** How many calls fill a round, by the quickest of those that warm it up: the first ones are slow, and say nothing. */
function callsFor(run: () => number): number {
  const most = (ns: number) => Math.max(1, Math.round((ROUND_MS * 1e6) / Math.max(ns, 1)));
  let calls = 1;
  let best = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + 150; performance.now() < end || calls === 1; ) {
    best = Math.min(best, time(run, calls));
    if (calls === 1 && best > ROUND_MS * 1e6 && performance.now() > end) return 1;
    calls = Math.min(calls * 2, Math.max(calls + 1, most(best)));
  }
  return most(best);
}

function summary(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  return { best: sorted[0]!, median: sorted[sorted.length >>> 1]! };
}

/** A generator of numbers from 0 to `below - 1`, the same for the same seed (a linear congruential one). */
export function randomInts(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Nanoseconds for people. */
export function duration(ns: number): string {
  if (ns < 1e3) return `${ns.toPrecision(3)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toPrecision(3)} µs`;
  if (ns < 1e9) return `${(ns / 1e6).toPrecision(3)} ms`;
  return `${(ns / 1e9).toPrecision(3)} s`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
