import type { Mark } from '../history/types.js';

const HOUR = 3_600_000;

/**
 * Each event once, the oldest first. A mark that is being written is for a moment both in the store and among those that
 * wait, and what several proxies tell of one event has one key.
 */
export function distinctMarks(marks: readonly Mark[]): Mark[] {
  const distinct: Mark[] = [];
  for (const mark of [...marks].sort((a, b) => a.time - b.time)) {
    const same = (other: Mark) =>
      other.kind === mark.kind &&
      (mark.key === undefined
        ? other.time === mark.time && other.text === mark.text
        : other.key === mark.key && mark.time - other.time <= HOUR);
    if (!distinct.some(same)) distinct.push(mark);
  }
  return distinct;
}
