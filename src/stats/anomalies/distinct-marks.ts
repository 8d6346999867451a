import { type Mark, SAME_MARK_MS } from '../history/types.js';

/**
 * Each event once, the oldest first. A mark that is being written is for a moment both in the store and among those that
 * wait, and what several proxies tell of one event has one key. A tree that came back after it was left is a new event.
 */
export function distinctMarks(marks: readonly Mark[]): Mark[] {
  const told = new Map<string, Mark>();
  /** When a version was left. */
  const left = new Map<unknown, number>();
  return [...marks]
    .sort((a, b) => a.time - b.time)
    .filter((mark) => {
      const { kind, key, time, text, data } = mark;
      const id = `${kind} ${key ?? `${time} ${text}`}`;
      const earlier = told.get(id);
      const leftAt = kind === 'tree' ? (left.get(data.to) ?? 0) : 0;
      if (earlier !== undefined && time - earlier.time < SAME_MARK_MS && leftAt <= earlier.time) return false;
      told.set(id, mark);
      if (kind === 'tree') left.set(data.from, time);
      return true;
    });
}
