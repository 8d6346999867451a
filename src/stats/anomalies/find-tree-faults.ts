import type { Mark } from '../history/types.js';
import { rateEvidence } from './evidence.js';
import type { StepCount } from './extent.js';
import { affected, percent } from './find-shares.js';
import type { Finding } from './finding.js';
import type { Frame } from './frame.js';
import { inWindow } from './like-hours.js';
import type { ShareMeasure } from './measures.js';
import { HOURS } from './series-table.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** How long before and after a new tree is looked at. */
const BEFORE = 24 * HOUR;
const AFTER = 24 * HOUR;
/** e^-8 is one in three thousand; few trees come, and each of them is a cause at hand. Of single groups there are many. */
const CONVINCING = 8;
const CONVINCING_OF_GROUP = 12;
/** One client that repeats itself is done in a few minutes. */
const SPREAD = 5 * MINUTE;
const FEWEST_EVENTS = 4;
/** Rules that a new tree may break; the cache is new with it, and who searches where does not hang on it. */
const RULES = new Set(['no_hits', 'unknown', 'errors', 'former']);

/** Whether a share is worse since a new tree than before it. It needs no earlier weeks. */
export function findTreeFault(frame: Frame, measure: ShareMeasure, trees: readonly Mark[]): Finding | undefined {
  if (!RULES.has(measure.rule)) return undefined;
  let worst: Finding | undefined;
  for (const [i, tree] of trees.entries()) {
    const from = trees[i - 1]?.time ?? 0;
    const until = trees[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    if (until < frame.yesterday) continue;
    const found = sinceTree(frame, measure, tree, {
      from: Math.max(from, tree.time - BEFORE),
      to: Math.min(until, frame.now + MINUTE),
    });
    if (found !== undefined && (worst === undefined || found.evidence > worst.evidence)) worst = found;
  }
  return worst;
}

function sinceTree(
  frame: Frame,
  measure: ShareMeasure,
  tree: Mark,
  { from, to }: { from: number; to: number },
): Finding | undefined {
  if (!happened(frame, measure, tree.time)) return undefined;
  const minute = Math.floor(tree.time / MINUTE) * MINUTE;
  const steps = frame.shareMinutes(measure, from, to);
  // Of a tree of some days ago the last day tells whether it still does harm.
  const old = tree.time < frame.yesterday;
  const latest = to - AFTER;
  const before = plus(total(steps.filter(({ at }) => at < minute)), weekBefore(frame, measure, from));
  // The minute of the change is of both trees: what goes wrong in it is the new one's, what goes right may be the old one's.
  const after = steps
    .filter(({ at, count }) => at >= latest && (at > minute || (at === minute && count > 0)))
    .map((step) => (step.at === minute ? { ...step, of: step.count } : step));
  const now = total(after);
  if (now.count === 0) return undefined;
  const share = now.count / Math.max(now.of, now.count);
  const usual = (before.count + 0.5) / (before.of + 1);
  const first = after.find(({ count }) => count > 0)!.at;
  const proof = isProof(measure, tree, before, share);
  // Days of other kinds lie between an old tree and now: only proof counts.
  if (!proof && (old || !isChange(measure, before, now, share, usual, after))) return undefined;
  const well = steps.filter(({ at, count, of }) => at < first && of > count).at(-1)?.at ?? tree.time;
  return {
    id: `${measure.series}:${measure.key}`,
    rule: measure.rule,
    series: measure.series,
    key: measure.key,
    ...{ since: old ? tree.time : Math.max(first, tree.time), within: MINUTE, wellUntil: Math.min(well, tree.time) },
    // The next tree ended it, for better or worse.
    ...(to <= frame.now ? { until: to } : {}),
    figures: percent(share, [
      before.of > 0 ? before.count / before.of : 0,
      before.of > 0 ? before.count / before.of : 0,
    ]),
    affected: affected(frame, now.count, frame.days.at(frame.table.clock.hourOf(tree.time)), frame.days.end),
    evidence: Math.max(
      CONVINCING,
      rateEvidence(now.count, Math.max(now.of, now.count), before.count + 0.5, before.of + 1),
    ),
    against: 'tree',
    tree: tree.time,
  };
}

/** Whether anything was counted at all since the hour of a time: most departments are spared the look by the minute. */
function happened(frame: Frame, { part, series }: ShareMeasure, time: number): boolean {
  const from = Math.max(0, frame.days.at(frame.table.clock.hourOf(time)));
  const count = inWindow(frame.totals(part), { from, to: HOURS });
  return count >= (series === 'unknown_groups' ? 1 : FEWEST_EVENTS);
}

/**
 * A code that the tree before knew and this one does not, is this tree's doing: one search is enough. (Series of unknown
 * codes by group hold only codes that an earlier tree knew.)
 */
function isProof(
  { series }: ShareMeasure,
  { data }: Mark,
  before: { count: number; of: number },
  share: number,
): boolean {
  const removed = Object.values((data.removed ?? {}) as Record<string, number>).some((count) => count > 0);
  return series === 'unknown_groups' && removed && (before.count === 0 || share > (2 * before.count) / before.of);
}

function isChange(
  { least, key, rule }: ShareMeasure,
  before: { count: number; of: number },
  now: { count: number; of: number },
  share: number,
  usual: number,
  after: readonly StepCount[],
): boolean {
  if (now.count < FEWEST_EVENTS || before.of < 20) return false;
  if (share - usual < least || share < 1.5 * usual) return false;
  const ofGroup = key !== '' && rule !== 'errors';
  if (ofGroup && !isSpread(after)) return false;
  const evidence = rateEvidence(now.count, now.of, before.count + 0.5, before.of + 1);
  return evidence >= (ofGroup ? CONVINCING_OF_GROUP : CONVINCING);
}

function isSpread(steps: readonly StepCount[]): boolean {
  const times = new Map<number, number>();
  for (const { at, count } of steps) {
    if (count > 0) times.set(Math.floor(at / SPREAD), (times.get(Math.floor(at / SPREAD)) ?? 0) + count);
  }
  const counts = [...times.values()];
  return counts.length >= 3 && Math.max(...counts) <= 0.5 * counts.reduce((a, b) => a + b, 0);
}

/** The days before the minutes, as far back as a week: what was usual under the tree before, or under those before it. */
function weekBefore(frame: Frame, measure: ShareMeasure, to: number): StepCount {
  const totals = frame.shareTotals(measure);
  const end = Math.max(0, Math.min(HOURS, frame.days.at(frame.table.clock.hourOf(to))));
  const week = { from: Math.max(0, end - 6 * 24), to: end };
  return { at: to, count: inWindow(totals.part, week), of: inWindow(totals.whole, week) };
}

function plus(a: { count: number; of: number }, b: { count: number; of: number }): { count: number; of: number } {
  return { count: a.count + b.count, of: a.of + b.of };
}

function total(steps: readonly { count: number; of: number }[]): { count: number; of: number } {
  return steps.reduce((sum, { count, of }) => ({ count: sum.count + count, of: sum.of + of }), { count: 0, of: 0 });
}
