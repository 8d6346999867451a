/**
 * `npm run bench -- counting`: what it costs to count a request for the metrics, the statistics and the history, beside a
 * proxy that counts nothing. First the observer alone, in nanoseconds a record; then the data path of a whole proxy in
 * this process, with and without, interleaved.
 */
import { writeSync } from 'node:fs';
import { destination } from 'pino';
import { Counting } from '../../src/stats/counting.js';
import { Groups } from '../../src/stats/groups.js';
import { History } from '../../src/stats/history/history.js';
import { createLogger } from '../../src/stats/logger.js';
import { Metrics } from '../../src/stats/metrics.js';
import { QueryLog } from '../../src/stats/query-log.js';
import { RecentQueries } from '../../src/stats/recent-queries.js';
import type { Observer, RequestRecord } from '../../src/stats/record.js';
import { Stats } from '../../src/stats/stats.js';
import { franceTree } from './france.js';
import { duration, measure, randomInts, table } from './measure.js';

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
    marks: async () => [],
    tidy: async () => undefined,
  },
  writeEveryMs: 10_000,
  log: { warn: () => undefined, info: () => undefined },
});
const counting = new Counting([metrics, stats, history], new Groups(() => tree));
const queries = new RecentQueries(500);
const log = new QueryLog(createLogger('info', destination({ dest: '/dev/null', sync: false, minLength: 65_536 })));

const codes = [...tree.units()].filter(({ level }) => level === 'COM' || level === 'DEP').map(({ code }) => code);
const random = randomInts(7);
/** Addresses as the connections of two hundred clients have them. */
const clients = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`);

function records(kind: 'passed' | 'rewritten'): RequestRecord[] {
  return Array.from({ length: 4096 }, (_, i) => {
    const passed: RequestRecord = {
      ...{ time: Date.now(), method: 'POST', path: '/articles/_search', endpoint: i % 10 === 0 ? 'msearch' : 'search' },
      ...{ outcome: kind, status: 200, upstreamStatus: 200, upstreamMicros: 500 + random(5000) },
      ...{ totalMicros: 1000 + random(5000), client: clients[random(clients.length)]!, treeVersion: tree.version },
      ...{ bytesIn: 120, bytesOut: 3000 },
    };
    if (kind === 'passed') return passed;
    // Real traffic asks for some territories much more often than for others.
    const code = codes[Math.min(random(codes.length), random(codes.length), random(codes.length))]!;
    const replaced = [
      { place: 'query.term', written: code, codes: [code], relation: 'within', terms: 1, cache: 'hit' as const },
    ];
    return {
      ...passed,
      outcomeDetail: { places: 1, cache: 'hit', indices: 'articles', replaced },
      ...{ rewriteMicros: 5 + random(50), took: random(20), hits: random(100) },
    };
  });
}

const passed = records('passed');
const rewritten = records('rewritten');

/** One round of all records, handed on once, as happens about every second. */
function through(observer: Observer, list: readonly RequestRecord[], after: () => void = () => undefined) {
  let at = 0;
  return () => {
    const record = list[at]!;
    at = (at + 1) % list.length;
    observer.request(record);
    if (at === 0) after();
    return record.status;
  };
}

const none: Observer = { request: () => undefined };
const flush = () => counting.flush();
const timings = measure({
  'nothing, passed': through(none, passed),
  'counted, passed': through(counting, passed, flush),
  'nothing, rewritten': through(none, rewritten),
  'counted, rewritten': through(counting, rewritten, flush),
  'recent queries, rewritten': through(queries, rewritten),
  'log line, rewritten': through(log, rewritten),
});
const rows = Object.entries(timings).map(([name, { best, median }]) => [name, duration(median), duration(best)]);
const ns = (name: keyof typeof timings) => timings[name]!.median;
/** CPU of the data path for a request that passes, as `npm run bench -- proxy` finds it. */
const REQUEST_NS = 35_000;
const share = (cost: number) => `${((100 * cost) / REQUEST_NS).toFixed(1)} %`;
const ofPassed = ns('counted, passed') - ns('nothing, passed');
const ofRewritten = ns('counted, rewritten') - ns('nothing, rewritten') + ns('recent queries, rewritten');
writeSync(
  1,
  `${table(['a record', 'median', 'best'], rows)}\n\n` +
    `Counting (metrics, statistics, history) costs ${duration(ofPassed)} a passed request, ${duration(ofRewritten)} a rewritten one:\n` +
    `${share(ofPassed)} and ${share(ofRewritten)} of 35 µs of CPU a request.\n`,
);
process.exit(0);
