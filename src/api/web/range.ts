import { DAY, HOUR } from './trend.js';
import type { WallClock } from './wall-clock.js';

/** How far back a chart shows, and in which steps. */
export type Range = 'day' | 'week' | 'month';
export const RANGES: readonly Range[] = ['day', 'week', 'month'];

const DAYS = { day: 1, week: 7, month: 28 };
/** Days before it that a range is compared with. */
const COMPARED = 28;

/** Where a range begins: yesterday at midnight, seven days or four weeks ago. */
export function beginOf(range: Range, now: number, clock: WallClock): number {
  return clock.midnight(now, DAYS[range]);
}

/** In which steps a range is drawn. */
export function stepOf(range: Range): 'hour' | 'day' {
  return range === 'month' ? 'day' : 'hour';
}

/**
 * From when on a range needs the history, with the four weeks before it, by the clock on the wall: where it went back
 * meanwhile they began an hour earlier. A step is asked for by its beginning, that of a day by UTC.
 */
export function neededFrom(range: Range, now: number, clock: WallClock): number {
  const step = { hour: HOUR, day: DAY }[stepOf(range)];
  return Math.floor(clock.midnight(now, DAYS[range] + COMPARED) / step) * step;
}
