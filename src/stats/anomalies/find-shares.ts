import { extentOf, type StepCount } from './extent.js';
import type { Figures, Finding } from './finding.js';
import type { Frame } from './frame.js';
import { judgeShare, type ShareVerdict } from './judge-share.js';
import { inWindow } from './like-hours.js';
import type { ShareMeasure } from './measures.js';
import { HOURS } from './series-table.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** How far back the beginning of something is looked for, in hours. */
const BACK = 7 * 24;
/** Evidence of steps after the end that says it is over. */
const OVER = 4;
/** Events beyond the usual that are always worth a sentence. */
const LEAST_EXCESS = 60;

/** Whether a share was far from usual yesterday or today, since when and until when. */
export function findShare(frame: Frame, measure: ShareMeasure): Finding | undefined {
  const totals = frame.shareTotals(measure);
  let best: ShareVerdict | undefined;
  for (const window of frame.windows) {
    const verdict = judgeShare(measure, totals, window);
    if (verdict !== undefined && (best === undefined || verdict.evidence > best.evidence)) best = verdict;
  }
  if (best === undefined || (measure.jumpsWithTree && afterTree(frame, best))) return undefined;
  const from = HOURS - BACK;
  const steps: StepCount[] = [];
  for (let i = from; i < HOURS; i++) {
    const hour = { from: i, to: i + 1 };
    steps.push({ at: frame.timeAt(i), count: inWindow(totals.part, hour), of: inWindow(totals.whole, hour) });
  }
  const extent = extentOf(steps, best.usual, best.share);
  if (extent === undefined) return undefined;
  const during = steps.slice(extent.first, extent.last + 1);
  if (measure.key === '' && !matters(frame, during, best)) return undefined;
  if (measure.lasting && !lasts(during, best)) return undefined;
  const exact = beginning(frame, measure, best, steps[extent.first]!.at);
  const count = sum(during, 'count');
  const of = sum(during, 'of');
  const over = isOver(steps.slice(extent.last + 1), best);
  return {
    id: `${measure.series}:${measure.key}`,
    rule: measure.rule,
    series: measure.series,
    key: measure.key,
    ...exact,
    ...(over ? { until: steps[extent.last]!.at + HOUR } : {}),
    figures: percent(of === 0 ? 0 : count / of, best.range),
    affected: affected(frame, Math.abs(count - of * best.usual), from + extent.first, from + extent.last + 1),
    evidence: best.evidence,
    against: 'weeks',
  };
}

export function percent(share: number, [low, high]: readonly [number, number]): Figures {
  return { now: 100 * share, usual: [100 * low, 100 * high], unit: '%' };
}

/** Part of all requests between two elements. */
export function affected(frame: Frame, events: number, from: number, to: number): number {
  const requests = inWindow(frame.totals({ name: 'requests' }), { from, to });
  return requests > 0 ? Math.min(1, events / requests) : 1;
}

/** The cache of a new tree is empty: what is expected to jump with it is judged a day later. */
function afterTree(frame: Frame, { window }: ShareVerdict): boolean {
  return frame.trees(frame.timeAt(window.from) - HOUR).some(({ time }) => time < frame.timeAt(window.from) + 2 * HOUR);
}

/** Of all traffic, more than a handful: one in four hundred of what a day has. At night few make a large share. */
function matters(frame: Frame, during: readonly StepCount[], { usual }: ShareVerdict): boolean {
  const day = inWindow(frame.totals({ name: 'requests' }), { from: HOURS - 8 * 24, to: HOURS - 24 }) / 7;
  const excess = during.reduce((total, { count, of }) => total + Math.abs(count - usual * of), 0);
  return excess >= Math.min(LEAST_EXCESS, day / 400);
}

/** In at least three hours, and not mostly in one of them: one client that repeats itself does not last. */
function lasts(during: readonly StepCount[], { usual, share }: ShareVerdict): boolean {
  const sign = share > usual ? 1 : -1;
  const excess = during.map(({ count, of }) => sign * (count - usual * of)).filter((more) => more > 0);
  return excess.length >= 3 && Math.max(...excess) <= 0.45 * excess.reduce((a, b) => a + b, 0);
}

function isOver(after: readonly StepCount[], { usual, share }: ShareVerdict): boolean {
  const clamp = (p: number) => Math.min(0.99, Math.max(0.0005, p));
  const well = after.reduce(
    (gain, { count, of }) =>
      gain +
      count * Math.log(clamp(usual) / clamp(share)) +
      Math.max(0, of - count) * Math.log((1 - clamp(usual)) / (1 - clamp(share))),
    0,
  );
  return well >= OVER;
}

/** To the minute where minutes are kept. */
function beginning(frame: Frame, measure: ShareMeasure, verdict: ShareVerdict, hour: number) {
  const minutes = frame.shareMinutes(measure, hour - 12 * HOUR, hour + 2 * HOUR);
  const near = minutes.filter(({ at }) => at >= hour - HOUR);
  const extent = extentOf(near, verdict.usual, verdict.share);
  if (extent === undefined) return { since: hour, within: HOUR, wellUntil: hour - HOUR };
  const since = near[extent.first]!.at;
  const well = minutes.filter(
    ({ at, count, of }) => at < since && (measure.direction === 'up' ? of > count : count > 0),
  );
  return { since, within: MINUTE, wellUntil: well.at(-1)?.at ?? Math.max(hour - 12 * HOUR, since - HOUR) };
}

function sum(steps: readonly StepCount[], side: 'count' | 'of'): number {
  return steps.reduce((total, step) => total + step[side], 0);
}
