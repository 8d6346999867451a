import { inWindow, type LikeHours, type Window } from './like-hours.js';
import type { ValueMeasure } from './measures.js';
import { mad, median, quantile } from './robust.js';

export interface ValueVerdict {
  readonly window: Window;
  readonly value: number;
  readonly usual: number;
  readonly range: readonly [number, number];
  readonly events: number;
  readonly evidence: number;
}

const FEWEST_LIKES = 4;
/** Standard deviations, of logarithms, beyond which it is no chance. */
const DEVIATIONS = 6;
/** The least that times and sizes scatter from day to day, as a part of themselves. */
const LEAST_SCATTER = 0.06;

export interface ValueTotals {
  readonly count: Float64Array;
  readonly part: Float64Array;
  /** The highest of the measure's kin. */
  readonly kin?: Pick<ValueTotals, 'count' | 'part'> | undefined;
}

/** What happened in a window: events, and what a part of theirs adds up to. */
export interface Events {
  readonly count: number;
  readonly part: number;
}

/**
 * Judges the mean height over a stretch of hours by its like: by ratio, so that growth and units don't matter.
 * @param own what is judged, where it is not all of the window
 */
export function judgeValue(
  measure: ValueMeasure,
  totals: ValueTotals,
  window: LikeHours,
  own: Events = { count: inWindow(totals.count, window), part: inWindow(totals.part, window) },
): ValueVerdict | undefined {
  const { count: events } = own;
  if (events < measure.events) return undefined;
  const value = own.part / events;
  const verdict = against(measure, { window, value, events }, valuesOf(totals, window.likes, measure.events));
  if (verdict === undefined || window.restDays === undefined) return verdict;
  const rest = valuesOf(totals, window.restDays, measure.events);
  if (rest.length < FEWEST_LIKES) return verdict;
  return against(measure, { window, value, events }, rest) && verdict;
}

/** The heights over earlier windows; over one in which there was nothing of it, that of the highest of its kin. */
function valuesOf({ count, part, kin }: ValueTotals, windows: readonly Window[], least: number): number[] {
  const fewest = Math.max(1, least / 2);
  return windows.flatMap((like) => {
    const own = inWindow(count, like);
    if (own >= fewest) return [inWindow(part, like) / own];
    const theirs = kin === undefined || own > 0 ? 0 : inWindow(kin.count, like);
    return kin === undefined || theirs === 0 ? [] : [inWindow(kin.part, like) / theirs];
  });
}

function against(
  { direction, ratio, least, exact }: ValueMeasure,
  { window, value, events }: { window: Window; value: number; events: number },
  likes: readonly number[],
): ValueVerdict | undefined {
  if (likes.length < FEWEST_LIKES) return undefined;
  const usual = median(likes);
  const rises = value - usual >= least && value >= ratio * usual;
  const falls = direction === 'both' && usual - value >= least && usual >= ratio * value;
  if (!rises && !falls) return undefined;
  // Zero is usual of some sizes; a little above keeps logarithms finite.
  const floor = least / 10;
  const log = (v: number) => Math.log(Math.max(v, floor));
  const logs = likes.map(log);
  const deviation = Math.hypot(mad(logs), LEAST_SCATTER, exact ? 0 : 1 / Math.sqrt(events));
  const evidence = Math.abs(log(value) - median(logs)) / deviation;
  if (evidence < DEVIATIONS) return undefined;
  return {
    window: { from: window.from, to: window.to },
    value,
    usual,
    range: [quantile(likes, 0.1), quantile(likes, 0.9)],
    events,
    evidence: evidence ** 2 / 2,
  };
}
