import type { Finding } from './finding.js';
import type { Frame } from './frame.js';
import { inWindow } from './like-hours.js';
import { quantile } from './robust.js';
import { HOURS } from './series-table.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/**
 * Requests that even the quietest like hours of earlier weeks had, before silence is said to be one. A tenth of them may
 * be a low holiday, and that none comes of the tenth has a chance of e^-14.
 */
const EXPECTED = 140;
/** Of the quietest like hours: what is less is silence. */
const NEARLY_NONE = 0.02;
/** Of the hours of a silence, those in which a proxy ran. */
const WATCHED = 0.8;

/**
 * No requests, though they always came at these hours, on Sundays too. Less traffic than usual is no trouble in itself: it
 * may be a holiday.
 */
export function findSilence(frame: Frame): Finding | undefined {
  const requests = frame.totals({ name: 'requests' });
  // From the end backwards: the longest silence up to the last hour that is over, or that began in this hour.
  let quiet: { from: number; expected: number; seen: number; likes: number[] } | undefined;
  for (let length = 1; length <= 36; length++) {
    const window = { from: HOURS - 1 - length, to: HOURS - 1 };
    const seen = inWindow(requests, { from: window.from, to: HOURS });
    const likes: number[] = [];
    for (let shift = 24; window.from - shift >= 0 && likes.length < 35; shift += 24) {
      const like = inWindow(requests, { from: window.from - shift, to: window.to - shift });
      // Before the history begins, and while nothing was counted at all, there is nothing to compare with.
      if (frame.timeAt(window.from - shift) >= (frame.begins ?? Number.POSITIVE_INFINITY)) likes.push(like);
    }
    if (likes.length < 7) break;
    const expected = quantile(likes, 0.05);
    if (seen > NEARLY_NONE * expected) {
      if (expected >= EXPECTED) break;
      continue;
    }
    if (expected >= EXPECTED) quiet = { from: window.from, expected, seen, likes };
  }
  if (quiet === undefined || !watched(frame, quiet.from)) return undefined;
  const last = lastRequest(frame, frame.timeAt(quiet.from));
  return {
    id: 'requests:silence',
    rule: 'silence',
    series: 'requests',
    key: '',
    ...{ since: last, within: MINUTE, wellUntil: last - MINUTE },
    figures: {
      now: Math.round(quiet.seen),
      usual: [Math.round(quiet.expected), Math.round(quantile(quiet.likes, 0.95))],
      unit: 'requests',
    },
    affected: 1,
    evidence: Math.min(500, quiet.expected),
    against: 'silence',
  };
}

/** Whether a proxy was there to count: one that was off, or whose history was lost, has looked at its memory in few hours. */
function watched(frame: Frame, from: number): boolean {
  const memory = frame.totals({ name: 'memory' });
  let hours = 0;
  for (let i = from; i < HOURS - 1; i++) if (memory[i + 1]! > memory[i]!) hours++;
  return hours >= WATCHED * (HOURS - 1 - from);
}

/** The end of the last minute before the silence, or the start of its first hour where minutes don't reach. */
function lastRequest(frame: Frame, silent: number): number {
  const minutes = [...frame.table.minutes('requests', silent - HOUR, silent + 2 * HOUR)].filter(
    ([, { count }]) => count > 0,
  );
  const last = minutes.filter(([minute]) => minute < silent).at(-1)?.[0];
  return last === undefined ? silent : last + MINUTE;
}
