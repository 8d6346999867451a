/**
 * What the proxy costs, beside other proxies in front of the same stub: each in a process of its own, all of them on one
 * core and the stub and the load on another, in interleaved rounds of one run.
 *
 * `npm run bench -- proxy [-- ROUNDS | memory | elasticsearch [ROUNDS]]`; the last is the part before a real one alone.
 */
import { cpus } from 'node:os';
import { table } from './measure.js';
import { type Contender, Contenders, residentBytes } from './proxy/contenders.js';
import { countingCosts } from './proxy/counting.js';
import { sendLoad } from './proxy/load.js';
import { beforeElasticsearch } from './proxy/real.js';
import { BULK, MSEARCH, SHORTHAND, WITHOUT } from './proxy/requests.js';
import { CONNECTIONS, latencies, measured } from './proxy/rounds.js';
import { costs, times } from './proxy/tables.js';

const [argument = '7', argumentOfThat = '7'] = process.argv.slice(2);
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

async function throughput(all: readonly Contender[], rounds: number): Promise<void> {
  for (const scenario of SCENARIOS) {
    const figures = await measured(all, scenario, rounds);
    const nginx = figures.get('nginx');
    console.log(`\n${scenario.name} (${scenario.request.length} bytes)\n`);
    console.log(costs(figures));
    const own = figures.get(OWN)!;
    if (nginx !== undefined) {
      judge(`${scenario.name}, CPU against nginx`, own.cpu / nginx.cpu, scenario.must, scenario.goal, '×');
    }
    const go = figures.get('Go ReverseProxy');
    if (scenario === SCENARIOS[0] && go !== undefined) judge('the same against Go', own.cpu / go.cpu, 1, 1, '×');
  }
}

async function latency(all: readonly Contender[], rounds: number): Promise<void> {
  const found = await latencies(all, WITHOUT, rounds);
  console.log('\nµs for a request without shorthand on one connection\n');
  console.log(times(found));
  const added = found.get(OWN)!.p99 - found.get('direct')!.p99;
  judge('added p99 at one connection', added / 1000, 1, 0.3, ' ms');
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
  if (argument === 'elasticsearch') {
    contenders.pinSelf(1);
    await beforeElasticsearch(contenders, Number(argumentOfThat));
    return;
  }
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
  for (const { scenario, what, throughput: fewer } of await countingCosts(contenders, upstream, 10 * rounds)) {
    if (what === 'counting') judge(`counting, ${scenario}`, fewer.median, 3, 3, ' %');
  }
  await beforeElasticsearch(contenders, rounds);
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
