import type { CacheFigures } from '../../stats/stats.js';

/** The figures of several caches as those of one. */
export function cacheSum(caches: readonly CacheFigures[]): CacheFigures {
  const sum = { hits: 0, misses: 0, evictions: 0, entries: 0, bytes: 0 };
  for (const cache of caches) {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += cache[key];
  }
  const asked = sum.hits + sum.misses;
  return { ...sum, hitRatio: asked === 0 ? 0 : sum.hits / asked };
}
