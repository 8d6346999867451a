import type { Texts } from './texts-en.js';
import type { WallClock } from './wall-clock.js';
import type { WireHistory, WirePoint } from './wire.js';

/** What a trend draws: how often, what part, how much on average, or below what 99 of 100 lie. */
export interface Trend {
  readonly id: keyof Texts['trends']['names'];
  /** Series counted, and those they are counted by. */
  readonly part: string;
  readonly whole?: readonly string[];
  /** Of one key only. */
  readonly key?: string;
  readonly value: 'perMinute' | 'perHour' | 'sumPerHour' | 'share' | 'mean' | 'p99';
  readonly format: 'quantity' | 'share' | 'seconds' | 'bytes';
}

/** A curve with what is usual: of the same hours (or days) of the four weeks before. Absent values are `null`. */
export interface Curve {
  /** Milliseconds from one point to the next. */
  readonly step: number;
  /** Where it ends: the last point stands for what began with it, up to here. */
  readonly end: number;
  /** Milliseconds since 1970, ascending, evenly spaced. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const STEPS = { minute: 60_000, hour: HOUR, day: DAY };
const WEEKS = 4;
/** Events below which a share says nothing. */
const FEWEST = 5;

interface Cell {
  count: number;
  sum: number;
  p99: number | undefined;
}

type Cells = ReadonlyMap<number, Cell>;

/** The series that a trend needs. */
export function namesOf({ part, whole = [] }: Trend): readonly string[] {
  return [...new Set([part, ...whole])];
}

/**
 * The curve of a trend from `from` on.
 * @param history what the proxy gave, with the four weeks before `from`
 * @param now milliseconds since 1970: the last step is not over yet, and its rate is that of the part that is
 * @param clock tells which hours are alike
 */
export function curveOf(trend: Trend, history: WireHistory, from: number, now: number, clock: WallClock): Curve {
  const step = STEPS[history.step];
  const parts = cellsOf(history, trend.part, trend.key);
  const wholes = (trend.whole ?? []).map((name) => cellsOf(history, name, trend.key));
  const valueAt = (time: number): number | null => amountOf(trend, time, step, now, parts, wholes);
  const curve = {
    step,
    end: now,
    times: [] as number[],
    values: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
  };
  // Before anything was measured nothing is drawn; from then on what is absent is none.
  const first = Math.min(...[...parts.keys(), ...wholes.flatMap((cells) => [...cells.keys()])]);
  for (let time = Math.floor(from / step) * step; time <= now; time += step) {
    curve.times.push(time);
    curve.values.push(time < first ? null : valueAt(time));
    const earlier = weeksBefore(time, step, clock)
      .filter((like) => like >= first)
      .map(valueAt)
      .filter((value) => value !== null);
    curve.low.push(earlier.length < 2 ? null : Math.min(...earlier));
    curve.high.push(earlier.length < 2 ? null : Math.max(...earlier));
  }
  return curve;
}

/** The last value of a curve that there is, with its place. */
export function latest({ values }: Curve): number | undefined {
  const at = values.findLastIndex((value) => value !== null);
  return at < 0 ? undefined : at;
}

/** Lowest and highest value of a curve; undefined where it has none. */
export function extent({ values }: Curve): readonly [number, number] | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : [Math.min(...known), Math.max(...known)];
}

/**
 * The same hour of the weeks before by the clock on the wall, also across a change to daylight saving. Days are kept as
 * those of UTC, which has none.
 */
function weeksBefore(time: number, step: number, clock: WallClock): number[] {
  return Array.from({ length: WEEKS }, (_, i) => {
    const days = 7 * (i + 1);
    return step === DAY ? time - days * DAY : Math.floor(clock.daysBefore(time, days) / step) * step;
  });
}

function amountOf(
  { value, whole }: Trend,
  time: number,
  step: number,
  now: number,
  parts: Cells,
  wholes: readonly Cells[],
): number | null {
  const part = parts.get(time);
  if (whole !== undefined) {
    const all = wholes.reduce((sum, cells) => sum + (cells.get(time)?.count ?? 0), 0);
    return all < FEWEST ? null : (part?.count ?? 0) / all;
  }
  switch (value) {
    case 'p99':
      return part?.p99 ?? null;
    case 'mean':
      return part === undefined || part.count === 0 ? null : part.sum / part.count;
    default: {
      const elapsed = Math.min(step, Math.max(now - time, STEPS.minute));
      const amount = (value === 'sumPerHour' ? part?.sum : part?.count) ?? 0;
      return amount / (elapsed / (value === 'perMinute' ? STEPS.minute : HOUR));
    }
  }
}

/** The points of a series by time, those of several keys added up. */
function cellsOf(history: WireHistory, name: string, key: string | undefined): Cells {
  const cells = new Map<number, Cell>();
  for (const series of history.series) {
    if (series.name !== name || (key !== undefined && series.key !== key)) continue;
    for (const point of series.points) addPoint(cells, point);
  }
  return cells;
}

function addPoint(cells: Map<number, Cell>, [time, count, sum, , p99]: WirePoint): void {
  const cell = cells.get(time);
  if (cell === undefined) cells.set(time, { count, sum, p99: p99 ?? undefined });
  else {
    cell.count += count;
    cell.sum += sum;
    cell.p99 = Math.max(cell.p99 ?? 0, p99 ?? 0);
  }
}
