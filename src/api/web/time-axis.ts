import type { WallClock } from './wall-clock.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Hours between two labels that a reader of clocks expects. */
const STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672];

/**
 * Where a time axis has its labels: at whole hours of the wall's clock, or at midnights where it spans days.
 * @param most how many labels there is room for, beside one that stands at an edge
 * @returns moments, ascending
 */
export function timeLabels(clock: WallClock, from: number, to: number, most: number): number[] {
  const hours = (to - from) / HOUR;
  const step = (STEPS.find((each) => Math.floor(hours / each) <= Math.max(most, 1)) ?? 672) * HOUR;
  const grid = Math.min(step, DAY);
  const labels: number[] = [];
  for (let shown = Math.ceil(clock.shownAt(from) / grid) * grid; ; shown += step) {
    const time = clock.momentOf(shown);
    if (time > to) return labels;
    labels.push(time);
  }
}
