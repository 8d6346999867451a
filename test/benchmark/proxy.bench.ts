/**
 * What the proxy costs, beside other proxies in front of the same stub: each in a process of its own, all of them on one
 * core and the stub and the load on another, in interleaved rounds of one run.
 *
 * `npm run bench -- proxy [-- ROUNDS | memory]`
 */
import { cpus } from 'node:os';
import { table } from './measure.js';
import { type Contender, Contenders, cpuMicros, residentBytes } from './proxy/contenders.js';
import { countingCosts } from './proxy/counting.js';
import { type Load, sendLoad } from './proxy/load.js';
import { BULK, MSEARCH, SHORTHAND, WITHOUT } from './proxy/requests.js';

const [argument = '7'] = process.argv.slice(2);
const CONNECTIONS = 16;
/** Rounds for each contender that aren't measured: code that has just been compiled is not what runs all day. */
const WARM_UP = 2;
const OWN = 'territory-proxy';

interface Scenario {
  readonly name: string;
  readonly request: Buffer;
  /** Requests a round. */
  readonly count: number;
  /** Most and wished times the CPU of nginx. */
  readonly must: number;
  readonly goal: number;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'without shorthand', request: WITHOUT, count: 16_000, must: 2, goal: 1.3 },
  { name: 'one cached shorthand', request: SHORTHAND, count: 16_000, must: 2.2, goal: 1.4 },
  { name: '_msearch of ten', request: MSEARCH, count: 8_000, must: 3, goal: 1.5 },
  { name: '_bulk of 1 MB', request: BULK, count: 200, must: 3, goal: 1.5 },
];

interface Sample {
  readonly cpu: number;
  readonly perSecond: number;
}

interface Figures {
  /** Median and least CPU µs a request. */
  readonly cpu: number;
  readonly best: number;
  readonly perSecond: number;
}

interface Verdict {
  readonly what: string;
  readonly got: string;
  readonly must: string;
  readonly goal: string;
  readonly verdict: string;
}

const contenders = new Contenders();
const verdicts: Verdict[] = [];

function judge(what: string, value: number, must: number, goal: number, unit: string): void {
  const verdict = value <= goal ? 'goal met' : value <= must ? 'must met' : 'MISSED';
  const shown = (number: number): string => `${Number(number.toFixed(2))}${unit}`;
  verdicts.push({ what, got: shown(value), must: `≤ ${shown(must)}`, goal: `≤ ${shown(goal)}`, verdict });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1]!;
}

async function measured(own: readonly Contender[], { request, count }: Scenario, rounds: number) {
  const samples = new Map<string, Sample[]>(own.map(({ name }) => [name, []]));
  for (const { port } of own) await sendLoad(port, request, CONNECTIONS, WARM_UP * count);
  for (let round = 0; round < rounds; round++) {
    for (const { name, port, pid } of own) {
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

async function throughput(all: readonly Contender[], rounds: number): Promise<void> {
  for (const scenario of SCENARIOS) {
    const figures = await measured(all, scenario, rounds);
    const nginx = figures.get('nginx');
    console.log(`\n${scenario.name} (${scenario.request.length} bytes)\n`);
    const rows = [...figures].map(([name, { cpu, best, perSecond }]) => [
      name,
      name === 'direct' ? '' : cpu.toFixed(1),
      name === 'direct' ? '' : best.toFixed(1),
      nginx === undefined || name === 'direct' ? '' : (cpu / nginx.cpu).toFixed(2),
      perSecond.toFixed(0),
    ]);
    console.log(table(['', 'CPU µs a request', 'best', '× nginx', 'requests/s'], rows));
    const own = figures.get(OWN)!;
    if (nginx !== undefined) {
      judge(`${scenario.name}, CPU against nginx`, own.cpu / nginx.cpu, scenario.must, scenario.goal, '×');
    }
    const go = figures.get('Go ReverseProxy');
    if (scenario === SCENARIOS[0] && go !== undefined) judge('the same against Go', own.cpu / go.cpu, 1, 1, '×');
  }
}

function quantile({ latencies }: Load, q: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))]!;
}

async function latency(all: readonly Contender[], rounds: number): Promise<void> {
  const samples = new Map<string, [p50: number, p99: number][]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, port } of all) {
      const load = await sendLoad(port, WITHOUT, 1, 3000);
      samples.get(name)!.push([quantile(load, 0.5), quantile(load, 0.99)]);
    }
  }
  const of = (name: string): [number, number] => {
    const list = samples.get(name)!;
    return [median(list.map(([p50]) => p50)), median(list.map(([, p99]) => p99))];
  };
  const direct = of('direct');
  console.log('\nµs for a request without shorthand on one connection\n');
  const rows = all.map(({ name }) => {
    const [p50, p99] = of(name);
    return [name, ...[p50, p99, p50 - direct[0], p99 - direct[1]].map((us) => us.toFixed(0))];
  });
  console.log(table(['', 'p50', 'p99', 'added p50', 'added p99'], rows));
  judge('added p99 at one connection', (of(OWN)[1] - direct[1]) / 1000, 1, 0.3, ' ms');
}

async function memory(own: Contender): Promise<void> {
  const million = 1_000_000;
  const shown = (): string => `${(residentBytes(own.pid) / 2 ** 20).toFixed(0)} MB`;
  const rows: string[][] = [['at first', shown()]];
  for (const { name, request } of SCENARIOS.slice(0, 2)) {
    for (let half = 1; half <= 2; half++) {
      await sendLoad(own.port, request, CONNECTIONS, million / 2);
      rows.push([`after ${(half * million) / 2} requests ${name}`, shown()]);
    }
  }
  console.log(table(['', 'resident memory'], rows));
}

async function main(): Promise<void> {
  const stub = await contenders.node('direct', 'stub', 1);
  contenders.pinSelf(1);
  const upstream = `http://127.0.0.1:${stub.port}`;
  const own = await contenders.node(OWN, 'territory', 0, upstream);
  const place = contenders.pinned ? 'proxies on one core, stub and load on another' : 'not pinned to cores';
  console.log(`${cpus()[0]!.model}, Node ${process.version}; ${place}`);
  if (argument === 'memory') {
    await memory(own);
    return;
  }
  const rounds = Number(argument);
  const others = [
    await contenders.nginx(0, upstream),
    await contenders.go(0, upstream),
    await contenders.node('http.Agent', 'agent', 0, upstream),
    await contenders.node('undici dispatch', 'undici', 0, upstream),
  ].filter((contender) => contender !== undefined);
  const all = [stub, own, ...others];
  console.log(`${rounds} interleaved rounds on ${CONNECTIONS} connections, medians`);
  for (const name of ['nginx', 'Go ReverseProxy']) {
    if (!all.some((contender) => contender.name === name)) console.log(`${name} is not installed, and left out`);
  }
  await throughput(all, rounds);
  await latency(all, rounds);
  for (const { scenario, what, cpu } of await countingCosts(contenders, upstream, 10 * rounds)) {
    if (what === 'counting') judge(`counting, ${scenario}`, cpu.median, 3, 3, ' %');
  }
  console.log('\n');
  const rows = verdicts.map(({ what, got, must, goal, verdict }) => [what, got, must, goal, verdict]);
  console.log(table(['', 'got', 'must', 'goal', 'verdict'], rows));
  if (verdicts.some(({ verdict }) => verdict === 'MISSED')) process.exitCode = 1;
}

try {
  await main();
} finally {
  contenders.end();
}
process.exit();
