import { type Mark, SAME_MARK_MS } from '../history/types.js';

/**
 * Each event once, the oldest first. A mark that is being written is for a moment both in the store and among those that
 * wait, and what several proxies tell of one event has one key. A tree that came back after it was left is a new event.
 */
export function distinctMarks(marks: readonly Mark[]): Mark[] {
  const distinct: Mark[] = [];
  for (const mark of [...marks].sort((a, b) => a.time - b.time)) {
    if (!distinct.some((earlier, i) => isSame(earlier, mark, distinct.slice(i + 1)))) distinct.push(mark);
  }
  return distinct;
}

function isSame(earlier: Mark, mark: Mark, between: readonly Mark[]): boolean {
  if (earlier.kind !== mark.kind) return false;
  if (mark.key === undefined) return earlier.time === mark.time && earlier.text === mark.text;
  const left = between.some(({ kind, data }) => kind === 'tree' && kind === mark.kind && data.from === mark.data.to);
  return earlier.key === mark.key && mark.time - earlier.time < SAME_MARK_MS && !left;
}
