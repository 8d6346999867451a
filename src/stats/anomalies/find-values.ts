import { affected } from './find-shares.js';
import type { Figures, FigureUnit, Finding } from './finding.js';
import type { Frame } from './frame.js';
import { type Events, judgeValue, type ValueVerdict } from './judge-value.js';
import { inWindow } from './like-hours.js';
import type { ValueMeasure } from './measures.js';
import { HOURS } from './series-table.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Unit that people read, and how many of it one of the series' own is. */
const UNITS: Readonly<Record<ValueMeasure['rule'], readonly [FigureUnit, number]>> = {
  rewrite_seconds: ['ms', 1000],
  upstream_seconds: ['ms', 1000],
  took_seconds: ['ms', 1000],
  hits: ['hits', 1],
  expansion_terms: ['terms', 1],
  in_flight: ['requests', 1],
  event_loop_delay: ['ms', 1000],
  memory: ['MB', 1e-6],
  tag_faults: ['documents', 1],
};

/** Whether a time or a size was far from usual yesterday or today. */
export function findValue(frame: Frame, measure: ValueMeasure): Finding | undefined {
  const source = { name: measure.series, ...(measure.key === '' ? {} : { key: measure.key }) };
  const kin = measure.kin === undefined ? undefined : frame.highest(measure.series, measure.kin);
  const totals = { count: frame.totals(source), part: frame.totals(source, measure.part), kin };
  let best: ValueVerdict | undefined;
  for (const window of frame.windows) {
    const verdict = judgeValue(measure, totals, window);
    if (verdict === undefined || (best !== undefined && verdict.evidence <= best.evidence)) continue;
    const rest = measure.exact ? undefined : withoutBurst(frame, measure, verdict);
    if (rest === undefined || judgeValue(measure, totals, window, rest) !== undefined) best = verdict;
  }
  if (best === undefined) return undefined;
  const far = farHours(totals, best, measure);
  const first = far[0] ?? best.window.from;
  const last = far.at(-1) ?? best.window.to - 1;
  const window = { from: first, to: last + 1 };
  const events = inWindow(totals.count, window);
  const value = events > 0 ? inWindow(totals.part, window) / events : best.value;
  const since = frame.timeAt(first);
  return {
    id: `${measure.series}:${measure.key || measure.part}`,
    rule: `${measure.rule}${measure.part === 'p90' && measure.rule !== 'rewrite_seconds' ? '_slowest' : ''}`,
    series: measure.series,
    key: measure.key,
    ...{ since, within: HOUR, wellUntil: since - HOUR },
    ...(last < HOURS - 2 ? { until: frame.timeAt(last + 1) } : {}),
    figures: figures(measure.rule, value, best.range),
    affected: affected(frame, events, window.from, window.to) * Math.min(1, Math.abs(Math.log(value / best.usual)) / 2),
    evidence: best.evidence,
    against: 'weeks',
  };
}

export function figures(rule: ValueMeasure['rule'], value: number, [low, high]: readonly [number, number]): Figures {
  const [unit, times] = UNITS[rule];
  return { now: value * times, usual: [low * times, high * times], unit };
}

/**
 * What happened in a window but for the minute that stands out most and those beside it: the first requests after a start
 * and a pause of the machine are slow, and what shows in them alone is no trend. `undefined` where minutes are not known.
 */
function withoutBurst(
  frame: Frame,
  { series, key, part }: ValueMeasure,
  { window, value, usual }: ValueVerdict,
): Events | undefined {
  const [from, to] = [frame.timeAt(window.from), frame.timeAt(window.to)];
  const minutes = [...frame.table.minutes(series, from, to, key === '' ? undefined : key, part)].map(
    ([at, { count, total }]) => ({ at, count, total, excess: Math.sign(value - usual) * (total - usual * count) }),
  );
  if (minutes.length === 0) return undefined;
  const worst = minutes.reduce((most, one) => (one.excess > most.excess ? one : most));
  const rest = minutes.filter(({ at }) => Math.abs(at - worst.at) > MINUTE);
  return {
    count: rest.reduce((sum, { count }) => sum + count, 0),
    part: rest.reduce((sum, { total }) => sum + total, 0),
  };
}

/**
 * The hours around the window that are nearer to its height than to the usual one; an hour with too few events says
 * nothing, and neither begins nor ends it.
 */
function farHours(
  { count, part }: { count: Float64Array; part: Float64Array },
  { window, value, usual }: ValueVerdict,
  { events, least }: ValueMeasure,
): number[] {
  const middle = Math.sqrt(Math.max(value, least / 10) * Math.max(usual, least / 10));
  const far: number[] = [];
  const look = (i: number): boolean => {
    const hour = { from: i, to: i + 1 };
    const here = inWindow(count, hour);
    if (here < Math.min(events, 5)) return true;
    const height = inWindow(part, hour) / here;
    if (value > usual ? height < middle : height > middle) return false;
    far.push(i);
    return true;
  };
  for (let i = window.from; i < window.to; i++) look(i);
  for (let i = window.from - 1; i > Math.max(0, window.from - 7 * 24) && look(i); i--);
  for (let i = window.to; i < HOURS && look(i); i++);
  return far.sort((a, b) => a - b);
}
