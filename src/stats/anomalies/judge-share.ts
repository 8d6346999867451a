import { rateEvidence, shareEvidence } from './evidence.js';
import { inWindow, type LikeHours, type Window } from './like-hours.js';
import type { ShareMeasure } from './measures.js';
import { median, quantile } from './robust.js';

/** What a share is, what it usually is, and how much speaks against chance. */
export interface ShareVerdict {
  readonly window: Window;
  readonly share: number;
  readonly usual: number;
  /** Lowest and highest that is usual. */
  readonly range: readonly [number, number];
  readonly count: number;
  readonly of: number;
  readonly evidence: number;
}

/** Earlier stretches with data that are the least to judge by. */
const FEWEST_LIKES = 4;
const FEWEST_EVENTS = 5;
/** Events in a stretch below which days of all kinds are its like. */
const RARE = 40;
/** e^-15 is one in three million; some ten thousand windows are looked at in a week, most of them nearly the same. */
export const CONVINCING = 15;
/** Of shares near zero nothing is told by a small multiple, so it must also be this many times the usual. */
const TIMES_USUAL = 1.4;
/** Where something is gone: of its usual share. */
const GONE = 0.1;

interface Totals {
  readonly part: Float64Array;
  readonly whole: Float64Array;
}

/**
 * Judges one stretch of hours by its like. The usual share is the median of theirs, or where they are too small for a
 * median to mean anything, all of them together without the worst; how much they scatter beyond what chance does
 * (median of the squared residuals, so a MAD) divides the evidence.
 */
export function judgeShare(measure: ShareMeasure, totals: Totals, window: LikeHours): ShareVerdict | undefined {
  if (window.to - window.from < measure.hours) return undefined;
  const count = inWindow(totals.part, window);
  const of = inWindow(totals.whole, window);
  if (of <= 0) return undefined;
  if (measure.direction === 'up' && (count < FEWEST_EVENTS || count / of < measure.least)) return undefined;
  const rare = of < RARE;
  const verdict = against(measure, { window, count, of }, sharesOf(totals, rare ? window.anyDays : window.likes));
  if (verdict === undefined || window.restDays === undefined) return verdict;
  const resting = against(measure, { window, count, of }, sharesOf(totals, window.restDays));
  return resting === undefined || resting.evidence > verdict.evidence ? verdict : resting;
}

interface Observed {
  readonly window: Window;
  readonly count: number;
  readonly of: number;
}

interface Like {
  readonly count: number;
  readonly of: number;
}

function sharesOf({ part, whole }: Totals, windows: readonly Window[]): Like[] {
  return windows
    .map((window) => ({ count: inWindow(part, window), of: inWindow(whole, window) }))
    .filter(({ of }) => of > 0.5);
}

function against(
  measure: ShareMeasure,
  { window, count, of }: Observed,
  likes: readonly Like[],
): ShareVerdict | undefined {
  if (likes.length < FEWEST_LIKES || !mayBeFar(measure, count / of, likes)) return undefined;
  const { usual, usualOf, shares } = usualShare(likes, measure.direction);
  const share = count / of;
  if (!isFar(measure, share, usual)) return undefined;
  const weigh = measure.rate ? rateEvidence : shareEvidence;
  const evidence = weigh(count, of, usual * usualOf, usualOf) / scatter(likes, usual, measure.rate ?? false);
  if (!(evidence >= CONVINCING)) return undefined;
  return {
    window: { from: window.from, to: window.to },
    share,
    usual,
    range: rangeOf(shares, usual, of),
    count,
    of,
    evidence,
  };
}

function isFar({ direction, least }: ShareMeasure, share: number, usual: number): boolean {
  if (direction === 'down') return share < GONE * usual && usual - share >= least;
  return share - usual >= least && share >= TIMES_USUAL * usual;
}

/** A quick look that spares most windows the sorting: one like stretch in six that is as far is enough to say no. */
function mayBeFar({ direction }: ShareMeasure, share: number, likes: readonly Like[]): boolean {
  let asFar = 0;
  for (const { count, of } of likes) if (direction === 'up' ? count >= share * of : count <= share * of) asFar++;
  return asFar * 6 <= likes.length;
}

function usualShare(likes: readonly Like[], direction: 'up' | 'down') {
  const shares = likes.map(({ count, of }) => count / of);
  // What was wrong in one earlier week must not make it usual: the worst go, one in twelve.
  const sorted = [...likes].sort((a, b) => b.count / b.of - a.count / a.of);
  const out = Math.floor(likes.length / 12);
  const kept = direction === 'up' ? sorted.slice(out) : sorted.slice(0, sorted.length - out);
  const all = { count: 0, of: 0 };
  for (const { count, of } of kept) {
    all.count += count;
    all.of += of;
  }
  const pooled = all.count / all.of;
  const usual = direction === 'up' ? Math.max(pooled, median(shares)) : Math.min(pooled, median(shares));
  // Not even the busiest past shows that something never happens.
  return { usual: direction === 'up' ? Math.max(usual, 0.5 / (all.of + 1)) : usual, usualOf: all.of, shares };
}

/** How many times more earlier stretches scatter than chance makes them. */
function scatter(likes: readonly Like[], usual: number, rate: boolean): number {
  const few = 1 + 2 / likes.length;
  const spread = rate ? usual : usual * (1 - usual);
  const telling = likes.filter(({ of }) => of * usual >= 1);
  if (telling.length < FEWEST_LIKES || spread <= 0) return 1.2 * few;
  const residuals = telling.map(({ count, of }) => (count - of * usual) ** 2 / (of * spread));
  return few * Math.max(1, median(residuals) / 0.455);
}

/** What readers are told is usual: where most earlier stretches were, or would be if they were as small as this one. */
function rangeOf(shares: readonly number[], usual: number, of: number): [number, number] {
  const chance = Math.sqrt((usual * Math.max(0, 1 - usual)) / Math.max(of, 30));
  return [
    Math.max(0, Math.min(quantile(shares, 0.1), usual - chance)),
    Math.min(1, Math.max(quantile(shares, 0.9), usual + chance)),
  ];
}
