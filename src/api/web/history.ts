import { ask } from './client.js';
import { DAY, HOUR, namesOf, type Trend } from './trend.js';
import type { ToldMark, WireHistory } from './wire.js';
import { clock } from './zone.js';

/** How far back a chart shows, and in which steps. */
export type Range = 'day' | 'week' | 'month';
export const RANGES: readonly Range[] = ['day', 'week', 'month'];

const COMPARED = 28 * DAY;

/** Where a range begins: yesterday at midnight, seven days or four weeks ago. */
export function beginOf(range: Range, now: number): number {
  return clock.midnight(now, { day: 1, week: 7, month: 28 }[range]);
}

/** What happened in the longest range, for the charts to mark. */
export async function askMarks(now: number): Promise<readonly ToldMark[]> {
  const query = new URLSearchParams({ kind: 'tree,delivery,emergency', from: String(beginOf('month', now)) });
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
  const step = range === 'month' ? 'day' : 'hour';
  const query = new URLSearchParams({
    series: [...new Set(trends.flatMap(namesOf))].join(','),
    from: String(Math.floor((beginOf(range, now) - COMPARED) / HOUR) * HOUR),
    to: String(now + 1),
    step,
  });
  if (keys === 'together') query.set('total', 'true');
  else if (keys !== 'each') query.set('key', keys.key);
  return ask<WireHistory>(`history?${query}`);
}
