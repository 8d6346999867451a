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

/** The trend that shows a series that an anomaly speaks of. */
export function trendOf(series: string, key: string): Trend {
  const keyed = key === '' ? {} : { key };
  switch (series) {
    case 'no_hits':
      return { id: 'withoutHits', part: 'no_hits', whole: ['searches'], value: 'share', format: 'share', ...keyed };
    case 'cache_hits':
    case 'cache_misses':
      return { ...(TRENDS.find(({ id }) => id === 'cache') as Trend), ...keyed };
    case 'errors':
    case 'requests':
    case 'rewritten':
      return { id: 'requests', part: series, value: 'perMinute', format: 'quantity', ...keyed };
    case 'rewrite_seconds':
    case 'upstream_seconds':
    case 'took_seconds':
    case 'event_loop_delay':
      return {
        id: series === 'rewrite_seconds' ? 'rewrite' : 'upstream',
        part: series,
        value: 'p99',
        format: 'seconds',
        ...keyed,
      };
    case 'hits':
    case 'expansion_terms':
    case 'in_flight':
    case 'memory':
    case 'tag_faults':
    case 'tree_units':
      return { id: series === 'hits' ? 'hits' : 'other', part: series, value: 'mean', format: 'quantity', ...keyed };
    default:
      return {
        id: series === 'unknown_groups' ? 'unknown' : series,
        part: series,
        value: 'perHour',
        format: 'quantity',
        ...keyed,
      };
  }
}
