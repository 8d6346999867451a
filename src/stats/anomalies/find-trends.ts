import { percent } from './find-shares.js';
import { figures } from './find-values.js';
import type { Finding } from './finding.js';
import type { Frame } from './frame.js';
import { inWindow } from './like-hours.js';
import type { Measure } from './measures.js';
import { quantile } from './robust.js';
import { findTrend } from './trend.js';

/** Events in a day below which it says nothing. */
const FEWEST = 100;

/** Rules of shares of all traffic, and of times and sizes, that leak slowly; and by how much to be worth a sentence. */
const LEAKS: Readonly<Record<string, number>> = {
  no_hits: 0.02,
  unknown: 0.004,
  former: 0.01,
  cache: 0.04,
  // Of times and sizes the logarithm of the ratio.
  rewrite_seconds: 0.5,
  upstream_seconds: 0.35,
  took_seconds: 0.35,
  memory: 0.35,
  event_loop_delay: 0.7,
};

/** Whether something leaks: a little every day, for a week or more, too little a day to stand out. */
export function findLeak(frame: Frame, measure: Measure): Finding | undefined {
  const least = LEAKS[measure.rule];
  if (least === undefined || (measure.kind === 'share' && measure.key !== '')) return undefined;
  if (measure.kind === 'value' && measure.part === 'p90' && measure.rule !== 'rewrite_seconds') return undefined;
  const { part, whole } = totalsOf(frame, measure);
  const end = frame.days.yesterday + 24;
  const days: (number | undefined)[] = [];
  for (let to = end; to - 24 >= 0; to -= 24) {
    const day = { from: to - 24, to };
    const of = inWindow(whole, day);
    const height = inWindow(part, day) / of;
    days.unshift(
      of < fewest(measure) ? undefined : measure.kind === 'value' ? Math.log(Math.max(height, 1e-6)) : height,
    );
  }
  const trend = findTrend(days, least);
  if (trend === undefined) return undefined;
  const level = (value: number) => (measure.kind === 'value' ? Math.exp(value) : value);
  const before = days
    .slice(0, -trend.days)
    .filter((value) => value !== undefined)
    .map(level);
  const range = [quantile(before, 0.1), quantile(before, 0.9)] as const;
  const now = level(days.at(-1) as number);
  const since = frame.timeAt(end - 24 * trend.days);
  return {
    id: `${measure.series}:${measure.key}:leak`,
    rule: measure.rule,
    series: measure.series,
    key: measure.key,
    ...{ since, within: 24 * 3_600_000, wellUntil: since - 24 * 3_600_000 },
    figures: measure.kind === 'value' ? figures(measure.rule, now, range) : percent(now, range),
    affected: Math.min(1, Math.abs(now - range[1])),
    evidence: trend.score ** 2 / 2,
    against: 'trend',
  };
}

function fewest(measure: Measure): number {
  return measure.kind === 'value' ? Math.min(FEWEST, 24 * measure.events) : FEWEST;
}

function totalsOf(frame: Frame, measure: Measure): { part: Float64Array; whole: Float64Array } {
  if (measure.kind === 'share') return frame.shareTotals(measure);
  const source = { name: measure.series };
  return { part: frame.totals(source, measure.part), whole: frame.totals(source) };
}
