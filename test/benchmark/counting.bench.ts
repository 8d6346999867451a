/**
 * `npm run bench -- counting [-- ROUNDS]`: what it costs to count a request for the metrics, the statistics and the
 * history: first through the proxy, counting on against off, then the observer alone, in CPU time a record, beside one
 * that counts nothing.
 */
import { writeSync } from 'node:fs';
import { openLog } from '../../src/cli/open-log.js';
import { Counting } from '../../src/stats/counting.js';
import { Groups } from '../../src/stats/groups.js';
import { History } from '../../src/stats/history/history.js';
import { Metrics } from '../../src/stats/metrics.js';
import { QueryLog } from '../../src/stats/query-log.js';
import { RecentQueries } from '../../src/stats/recent-queries.js';
import type { Observer, RequestRecord } from '../../src/stats/record.js';
import { Stats } from '../../src/stats/stats.js';
import { franceTree } from './france.js';
import { duration, randomInts, type Timing, table } from './measure.js';
import { Contenders } from './proxy/contenders.js';
import { countingCosts } from './proxy/counting.js';

const contenders = new Contenders();
try {
  const stub = await contenders.node('stub', 'stub', 1);
  contenders.pinSelf(1);
  await countingCosts(contenders, `http://127.0.0.1:${stub.port}`, Number(process.argv[2] ?? 90));
} finally {
  contenders.end();
}

const tree = await franceTree();
const figures = () => ({ version: tree.version, units: tree.unitCount, loadedAt: new Date() });
const cache = () => ({ hits: 0, misses: 0, evictions: 0, entries: 0, bytes: 0, hitRatio: 0 });

const metrics = new Metrics({ cache, tree: figures, inFlight: () => 0 }, { version: '0' });
const stats = new Stats({ cache, tree: figures, label: () => undefined, suggest: () => [] });
const history = new History({
  kind: 'embedded',
  store: {
    write: async () => undefined,
    read: async () => [],
    mark: async () => undefined,
    deliver: async () => true,
    marks: async () => [],
    tidy: async () => undefined,
  },
  writeEveryMs: 10_000,
  log: { warn: () => undefined, info: () => undefined },
});
const counting = new Counting([metrics, stats, history], new Groups(() => tree));
const queries = new RecentQueries(500);
const log = new QueryLog(openLog('info', '/dev/null').logger);

const codes = [...tree.units()].filter(({ level }) => level === 'COM' || level === 'DEP').map(({ code }) => code);
const random = randomInts(7);
/** Addresses as the connections of two hundred clients have them. */
const clients = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`);

function records(kind: 'passed' | 'rewritten'): RequestRecord[] {
  return Array.from({ length: 4096 }, (_, i) => {
    // Every field in one literal, as the data path makes it: an object put together by spreads is slow to read.
    const record = (detail?: RequestRecord['outcomeDetail']): RequestRecord => ({
      time: Date.now(),
      method: 'POST',
      path: '/articles/_search',
      endpoint: i % 10 === 0 ? 'msearch' : 'search',
      outcome: kind,
      status: 200,
      upstreamStatus: 200,
      outcomeDetail: detail,
      rewriteMicros: detail === undefined ? undefined : 5 + random(50) + 0.5,
      upstreamMicros: 500 + random(5000) + 0.5,
      totalMicros: 1000 + random(5000) + 0.5,
      took: detail === undefined ? undefined : random(20),
      hits: detail === undefined ? undefined : random(100),
      client: clients[random(clients.length)]!,
      treeVersion: tree.version,
      error: undefined,
      bytesIn: 120,
      bytesOut: 3000,
    });
    if (kind === 'passed') return record();
    // Real traffic asks for some territories much more often than for others.
    const code = codes[Math.min(random(codes.length), random(codes.length), random(codes.length))]!;
    const replaced = [
      { place: 'query.term', written: code, codes: [code], relation: 'within', terms: 1, cache: 'hit' as const },
    ];
    return record({ places: 1, cache: 'hit', indices: 'articles', replaced });
  });
}

/** CPU time of the process for one record, garbage collection with it: a busy machine changes it less than the clock. */
function cpuTimes<Name extends string>(functions: Record<Name, () => void>): Record<Name, Timing> {
  const names = Object.keys(functions) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  const passes = 25;
  for (let round = 0; round < 12; round++) {
    for (const name of names) {
      const run = functions[name];
      const before = process.cpuUsage();
      for (let i = 0; i < passes; i++) run();
      const { user, system } = process.cpuUsage(before);
      // The first rounds warm up.
      if (round >= 3) times.get(name)!.push(((user + system) * 1000) / (passes * passed.length));
    }
  }
  const summary = (list: number[]): Timing => {
    const sorted = list.sort((a, b) => a - b);
    return { best: sorted[0]!, median: sorted[sorted.length >>> 1]! };
  };
  return Object.fromEntries(names.map((name) => [name, summary(times.get(name)!)])) as Record<Name, Timing>;
}

const passed = records('passed');
const rewritten = records('rewritten');

/** All records once, then handed on, as happens about every second. */
function through(observer: Observer, list: readonly RequestRecord[], after: () => void = () => undefined) {
  return () => {
    for (const record of list) observer.request(record);
    after();
  };
}

/** The same as the data path tells of what passed. */
function throughPassed(observer: Observer, list: readonly RequestRecord[], after: () => void = () => undefined) {
  return () => {
    for (const { endpoint, client, upstreamMicros } of list) observer.passed?.(endpoint, client, upstreamMicros);
    after();
  };
}

const none: Observer = { request: () => undefined, passed: () => undefined };
const flush = () => counting.flush();
const rounds = {
  'nothing, passed': throughPassed(none, passed),
  'counted, passed': throughPassed(counting, passed, flush),
  'nothing, rewritten': through(none, rewritten),
  'counted, rewritten': through(counting, rewritten, flush),
  'recent queries, rewritten': through(queries, rewritten),
  'log line, rewritten': through(log, rewritten),
};
const timings = cpuTimes(rounds);
const rows = Object.entries(timings).map(([name, { best, median }]) => [name, duration(median), duration(best)]);
const ns = (name: keyof typeof timings) => timings[name]!.median;
const ofPassed = ns('counted, passed') - ns('nothing, passed');
const ofRewritten = ns('counted, rewritten') - ns('nothing, rewritten') + ns('recent queries, rewritten');
writeSync(
  1,
  `${table(['a record', 'median', 'best'], rows)}\n\n` +
    `Counting (metrics, statistics, history) costs ${duration(ofPassed)} a passed request, ${duration(ofRewritten)} a rewritten one.\n`,
);
// The log opens its file when it comes to it, and may not be ended before.
await new Promise((resolve) => setTimeout(resolve, 200));
process.exit(0);
