import type { Finding } from './finding.js';
import type { Frame } from './frame.js';
import { inWindow, type Window } from './like-hours.js';
import { LocalClock } from './local-clock.js';
import { median, quantile } from './robust.js';
import { HOURS } from './series-table.js';

const HOUR = 3_600_000;
/** Hours that a delivery may be late, beside the hour that is not over. */
const GRACE = 1;
/** Earlier stretches like this one that are the least to judge by. */
const FEWEST_LIKES = 5;
/** No longer silence is told: it was told for long. */
const LONGEST = 8 * 24;

/**
 * No delivery since the last one, though in nearly all stretches of earlier weeks from the same hour to the same hour, on
 * days of the same kinds, at least one came. A loader that comes when it likes is never missed; where today is quiet as a
 * Sunday is, only one that comes on Sundays too.
 */
export function findMissingDeliveries(frame: Frame): Finding | undefined {
  const totals = frame.totals({ name: 'deliveries' });
  let last = HOURS - 1;
  while (last >= 0 && totals[last + 1]! - totals[last]! <= 0) last--;
  const to = HOURS - 1 - GRACE;
  const from = last + 1;
  if (last < 0 || to <= from || HOURS - last > LONGEST) return undefined;
  const window = { from, to };
  const kinds = kindsOf(frame, window);
  const quiet = [0, 1].some((back) => frame.days.isQuiet(Math.floor(frame.table.head / 24) - back));
  const own = likesOf(totals, window, (like) => kindsOf(frame, like) === kinds);
  if (!always(own)) return undefined;
  if (quiet && !always(likesOf(totals, window, (like) => !kindsOf(frame, like).includes('work')))) return undefined;
  const usual = pausesOf(frame, totals, last);
  const pause = HOURS - last;
  if (pause <= usual.middle) return undefined;
  const since = frame.timeAt(last);
  return {
    id: 'deliveries:missing',
    rule: 'deliveries',
    series: 'deliveries',
    key: '',
    ...{ since, within: HOUR, wellUntil: since },
    figures: { now: pause, usual: usual.range, unit: 'hours' },
    affected: 0.05,
    evidence: 15 + own.length,
    against: 'silence',
  };
}

/** At least one in each; one stretch in eight without is forgiven. */
function always(likes: readonly boolean[]): boolean {
  const without = likes.filter((some) => !some).length;
  return likes.length >= FEWEST_LIKES && without <= Math.floor(likes.length / 8);
}

/** Whether there were deliveries in the same hours of other days, as far as deliveries reach back. */
function likesOf(totals: Float64Array, { from, to }: Window, fits: (like: Window) => boolean): boolean[] {
  const first = totals.findIndex((total) => total > 0) - 1;
  const likes: boolean[] = [];
  for (let shift = 24; from - shift > first; shift += 24) {
    const like = { from: from - shift, to: to - shift };
    if (fits(like)) likes.push(inWindow(totals, like) > 0);
  }
  return likes;
}

/** The kinds of the first day, the last one, and how many days of rest lie in it. */
function kindsOf(frame: Frame, { from, to }: Window): string {
  const kinds: string[] = [];
  for (let day = Math.floor(frame.days.hourAt(from) / 24); day <= Math.floor(frame.days.hourAt(to - 1) / 24); day++) {
    kinds.push(LocalClock.dayClass(day * 24));
  }
  return kinds.join(' ');
}

/** Pauses between deliveries, in hours: the usual range, and the middle of those that began on the same day of the week. */
function pausesOf(frame: Frame, totals: Float64Array, last: number) {
  const hours: number[] = [];
  for (let i = 0; i < HOURS; i++) if (totals[i + 1]! - totals[i]! > 0) hours.push(i);
  const pauses = hours.slice(1).map((hour, i) => ({ start: hours[i]!, length: hour - hours[i]! }));
  const lengths = pauses.map(({ length }) => length).filter((length) => length > 1);
  const weekday = (i: number) => LocalClock.weekday(frame.days.hourAt(i));
  const same = pauses.filter(({ start }) => weekday(start) === weekday(last)).map(({ length }) => length);
  return { range: [quantile(lengths, 0.1), quantile(lengths, 0.9)] as const, middle: median(same) };
}
