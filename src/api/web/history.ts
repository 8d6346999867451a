import { ask } from './client.js';
import { beginOf, neededFrom, type Range, stepOf } from './range.js';
import { namesOf, type Trend } from './trend.js';
import type { ToldMark, WireHistory } from './wire.js';
import { clock } from './zone.js';

/** What happened in the longest range, for the charts to mark. */
export async function askMarks(now: number): Promise<readonly ToldMark[]> {
  const query = new URLSearchParams({ kind: 'tree,delivery,emergency', from: String(beginOf('month', now, clock)) });
  return (await ask<{ marks: readonly ToldMark[] }>(`marks?${query}`)).marks;
}

/**
 * The history that trends need for a range, with the four weeks before it to compare with.
 * @param keys of all keys together there is one line a series; else each key has its own, or only one is asked for
 */
export function askHistory(
  trends: readonly Trend[],
  range: Range,
  now: number,
  keys: 'together' | 'each' | { readonly key: string } = 'together',
): Promise<WireHistory> {
  const query = new URLSearchParams({
    series: [...new Set(trends.flatMap(namesOf))].join(','),
    from: String(neededFrom(range, now, clock)),
    to: String(now + 1),
    step: stepOf(range),
  });
  if (keys === 'together') query.set('total', 'true');
  else if (keys !== 'each') query.set('key', keys.key);
  return ask<WireHistory>(`history?${query}`);
}
