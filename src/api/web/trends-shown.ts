import type { SeriesName } from '../../stats/history/series.js';
import type { Trend } from './trend.js';

/** The trends of the stand-up page, what hurts first. */
export const TRENDS: readonly Trend[] = [
  { id: 'withoutHits', part: 'no_hits', whole: ['searches'], value: 'share', format: 'share' },
  { id: 'unknown', part: 'unknown', value: 'perHour', format: 'quantity' },
  { id: 'requests', part: 'requests', value: 'perMinute', format: 'quantity' },
  { id: 'errors', part: 'errors', whole: ['requests'], value: 'share', format: 'share' },
  { id: 'cache', part: 'cache_hits', whole: ['cache_hits', 'cache_misses'], value: 'share', format: 'share' },
  { id: 'rewrite', part: 'rewrite_seconds', value: 'p99', format: 'seconds' },
  { id: 'upstream', part: 'upstream_seconds', value: 'p99', format: 'seconds' },
  { id: 'hits', part: 'hits', value: 'mean', format: 'quantity' },
];

/** How each series is shown that an anomaly may speak of. */
const SHOWN: Readonly<Record<SeriesName, Omit<Trend, 'key'>>> = {
  no_hits: { id: 'withoutHits', part: 'no_hits', whole: ['searches'], value: 'share', format: 'share' },
  cache_hits: {
    id: 'cache',
    part: 'cache_hits',
    whole: ['cache_hits', 'cache_misses'],
    value: 'share',
    format: 'share',
  },
  cache_misses: {
    id: 'cache',
    part: 'cache_hits',
    whole: ['cache_hits', 'cache_misses'],
    value: 'share',
    format: 'share',
  },
  errors: { id: 'errorsByType', part: 'errors', value: 'perMinute', format: 'quantity' },
  requests: { id: 'requests', part: 'requests', value: 'perMinute', format: 'quantity' },
  rewritten: { id: 'rewritten', part: 'rewritten', value: 'perMinute', format: 'quantity' },
  rewrite_seconds: { id: 'rewrite', part: 'rewrite_seconds', value: 'p99', format: 'seconds' },
  upstream_seconds: { id: 'upstream', part: 'upstream_seconds', value: 'p99', format: 'seconds' },
  took_seconds: { id: 'took', part: 'took_seconds', value: 'p99', format: 'seconds' },
  event_loop_delay: { id: 'loopDelay', part: 'event_loop_delay', value: 'p99', format: 'seconds' },
  hits: { id: 'hits', part: 'hits', value: 'mean', format: 'quantity' },
  expansion_terms: { id: 'terms', part: 'expansion_terms', value: 'mean', format: 'quantity' },
  in_flight: { id: 'inFlight', part: 'in_flight', value: 'mean', format: 'quantity' },
  memory: { id: 'memory', part: 'memory', value: 'mean', format: 'bytes' },
  tag_faults: { id: 'tagFaults', part: 'tag_faults', value: 'mean', format: 'quantity' },
  tree_units: { id: 'treeUnits', part: 'tree_units', value: 'mean', format: 'quantity' },
  tree_age: { id: 'treeAge', part: 'tree_age', value: 'mean', format: 'seconds' },
  unknown: { id: 'unknown', part: 'unknown', value: 'perHour', format: 'quantity' },
  unknown_groups: { id: 'unknownGroups', part: 'unknown_groups', value: 'perHour', format: 'quantity' },
  former: { id: 'former', part: 'former', value: 'perHour', format: 'quantity' },
  searches: { id: 'searches', part: 'searches', value: 'perHour', format: 'quantity' },
  deliveries: { id: 'deliveries', part: 'deliveries', value: 'sumPerHour', format: 'quantity' },
};

/** The trend that shows a series that an anomaly speaks of. */
export function trendOf(series: SeriesName, key: string): Trend {
  const shown = SHOWN[series];
  return key === '' ? shown : { ...shown, key };
}

/** The other series, for whoever wants to know more, and which of them are told key by key: added up they say nothing. */
export const OTHERS: readonly { readonly trend: Trend; readonly byKey: boolean }[] = (
  [
    ['took_seconds', false],
    ['expansion_terms', false],
    ['rewritten', true],
    ['errors', true],
    ['searches', false],
    ['former', false],
    ['unknown_groups', false],
    ['deliveries', true],
    ['tag_faults', true],
    ['tree_units', true],
    ['tree_age', false],
    ['in_flight', false],
    ['event_loop_delay', false],
    ['memory', false],
  ] as const
).map(([series, byKey]) => ({ trend: SHOWN[series], byKey }));
