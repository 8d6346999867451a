import { mad, median, slope, trendScore } from './robust.js';

export interface Trend {
  /** Days over which it rises, up to the last one. */
  readonly days: number;
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

/** Lengths of a leak that are looked for, in days. */
const LENGTHS = [7, 10, 14, 21];
const SURE = 2.9;
/** Times the scatter around the line. */
const OUTSTANDING = 5;

/**
 * A leak: values by day, oldest first, that only rise at the end. The habits of the days of the week are taken
 * out first; the rise over the length must outdo `least`, and the scatter of the days before it.
 */
export function findTrend(days: readonly (number | undefined)[], least: number): Trend | undefined {
  const level = withoutWeek(days);
  const found: (Trend & { readonly rise: number })[] = [];
  for (const length of LENGTHS) {
    const before = level.slice(0, -length).filter((value) => value !== undefined);
    const last = level.slice(-length);
    const values = last.filter((value) => value !== undefined);
    // A week of quiet before it is needed to know the scatter.
    if (before.length < 7 || values.length < Math.max(6, length - 2) || last.at(-1) === undefined) continue;
    const steepness = slope(values);
    const rise = steepness * (values.length - 1);
    const off = values.map((value, i) => value - steepness * i);
    const scatter = Math.max(mad(off), mad(before.slice(-14)));
    const score = trendScore(values);
    if (score < SURE || rise < least || rise < OUTSTANDING * scatter) continue;
    // The end must lie beyond everything before, or it only comes back from somewhere.
    const end = median(values.slice(-3));
    if (end < Math.max(...before) + least / 3) continue;
    found.push({ days: length, from: values[0] as number, to: values.at(-1) as number, score, rise });
  }
  // Of those that tell of nearly the whole rise the shortest says best when it began.
  const most = Math.max(...found.map(({ rise }) => rise));
  return found.find(({ rise }) => rise >= 0.85 * most);
}

/** Takes from each value what its day of the week has beyond the others, by medians. */
function withoutWeek(days: readonly (number | undefined)[]): (number | undefined)[] {
  const all = median(days.filter((value) => value !== undefined));
  const habit = Array.from({ length: 7 }, (_, weekday) => {
    const same = days.filter((value, i): value is number => value !== undefined && i % 7 === weekday);
    return same.length >= 3 ? median(same) - all : 0;
  });
  return days.map((value, i) => (value === undefined ? undefined : value - habit[i % 7]!));
}
