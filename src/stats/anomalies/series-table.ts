import type { LocalClock } from './local-clock.js';

/** Hours kept of each series: six weeks to compare with, and the two days that are judged. */
export const HOURS = 44 * 24;

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** How long minutes are kept: yesterday and this morning, wherever the day begins. */
const MINUTES_KEPT = 49 * HOUR;

/** What happened in one step of a series. Quantiles only of a series that has them, in the unit of its sum. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly p50?: number;
  readonly p90?: number;
}

/** `p50` and `p90` are weighted with the count, so that they add up over steps. */
export type Part = 'count' | 'sum' | 'p50' | 'p90';

/** Events of a minute, and what a part of theirs adds up to. */
export interface MinuteTotals {
  readonly count: number;
  readonly total: number;
}

interface Cells {
  readonly hours: Record<'count' | 'sum', Float64Array> & Partial<Record<'p50' | 'p90', Float64Array>>;
  /** The arrays of `hours`. */
  readonly rings: Float64Array[];
  readonly minutes: Map<number, Sample>;
  /** The last local hour in which something came. */
  last: number;
}

/**
 * The last weeks of every series in memory, by hours of the local clock, and by minutes for the last two days. Hours are
 * a ring; a minute that is told again replaces what was told before, so the same stretch may be read twice.
 */
export class SeriesTable {
  /** By name, then by key. */
  readonly #cells = new Map<string, Map<string, Cells>>();
  /** The last local hour of the ring. */
  #head: number;
  #now: number;

  constructor(
    readonly clock: LocalClock,
    now: number,
  ) {
    this.#now = now;
    this.#head = clock.hourOf(now);
  }

  /** The local hour of now, the last one that has data. */
  get head(): number {
    return this.#head;
  }

  get now(): number {
    return this.#now;
  }

  /** Moves the clock on: what is too old is dropped. */
  advance(now: number): void {
    this.#now = Math.max(now, this.#now);
    const head = this.clock.hourOf(this.#now);
    if (head <= this.#head) return;
    const from = Math.max(this.#head + 1, head - HOURS + 1);
    for (const { rings, minutes } of this.#all()) {
      for (const ring of rings) for (let hour = from; hour <= head; hour++) ring[hour % HOURS] = 0;
      for (const minute of minutes.keys()) {
        if (minute >= this.#now - MINUTES_KEPT) break;
        minutes.delete(minute);
      }
    }
    // Of indices there may be new ones every day.
    for (const byKey of this.#cells.values())
      for (const [key, { last }] of byKey) if (last <= head - HOURS) byKey.delete(key);
    this.#head = head;
  }

  /** Adds an hour that is over. @param time its start, milliseconds since 1970, UTC */
  addHour(name: string, key: string, time: number, sample: Sample): void {
    this.#add(this.#of(name, key), this.clock.hourOf(time), sample, 1);
  }

  /** Says what a minute holds, in place of what was said of it before. */
  setMinute(name: string, key: string, time: number, sample: Sample): void {
    const minute = Math.floor(time / MINUTE) * MINUTE;
    if (minute > this.#now || minute < this.#now - MINUTES_KEPT) return;
    const cells = this.#of(name, key);
    const hour = this.clock.hourOf(minute);
    const before = cells.minutes.get(minute);
    if (before !== undefined) this.#add(cells, hour, before, -1);
    cells.minutes.set(minute, sample);
    this.#add(cells, hour, sample, 1);
  }

  keys(name: string): string[] {
    return [...(this.#cells.get(name)?.keys() ?? [])];
  }

  /**
   * Running totals by hour: element `i` is what came before hour `head - HOURS + 1 + i`, the last one everything.
   * @param key of all keys where absent
   */
  totals(name: string, part: Part = 'count', key?: string): Float64Array {
    const totals = new Float64Array(HOURS + 1);
    const oldest = (this.#head + 1) % HOURS;
    for (const { hours } of this.#named(name, key)) {
      const ring = hours[part];
      if (ring === undefined) continue;
      for (let i = oldest, at = 1; i < HOURS; i++, at++) totals[at]! += ring[i]!;
      for (let i = 0, at = HOURS - oldest + 1; i < oldest; i++, at++) totals[at]! += ring[i]!;
    }
    for (let i = 0; i < HOURS; i++) totals[i + 1]! += totals[i]!;
    return totals;
  }

  /**
   * What is known of a series by the minute, oldest first: its events, and the total of a part as `totals` adds it up.
   * @param key of all keys where absent
   */
  minutes(name: string, from: number, to: number, key?: string, part: Part = 'sum'): Map<number, MinuteTotals> {
    const sums = new Map<number, MinuteTotals>();
    for (const { minutes } of this.#named(name, key)) {
      for (const [minute, sample] of minutes) {
        if (minute < from || minute >= to) continue;
        const before = sums.get(minute);
        sums.set(minute, {
          count: sample.count + (before?.count ?? 0),
          total: totalOf(sample, part) + (before?.total ?? 0),
        });
      }
    }
    return new Map([...sums].sort(([a], [b]) => a - b));
  }

  *#all(): Iterable<Cells> {
    for (const byKey of this.#cells.values()) yield* byKey.values();
  }

  #named(name: string, key: string | undefined): Iterable<Cells> {
    const byKey = this.#cells.get(name);
    if (key === undefined) return byKey?.values() ?? [];
    const one = byKey?.get(key);
    return one === undefined ? [] : [one];
  }

  #of(name: string, key: string): Cells {
    let byKey = this.#cells.get(name);
    if (byKey === undefined) {
      byKey = new Map();
      this.#cells.set(name, byKey);
    }
    let cells = byKey.get(key);
    if (cells === undefined) {
      const hours = { count: new Float64Array(HOURS), sum: new Float64Array(HOURS) };
      cells = { hours, rings: [hours.count, hours.sum], minutes: new Map(), last: Number.NEGATIVE_INFINITY };
      byKey.set(key, cells);
    }
    return cells;
  }

  #add(cells: Cells, hour: number, sample: Sample, sign: 1 | -1): void {
    const { count, sum, p50, p90 } = sample;
    if (hour > this.#head || hour <= this.#head - HOURS) return;
    cells.last = Math.max(cells.last, hour);
    const at = hour % HOURS;
    cells.hours.count[at]! += sign * count;
    cells.hours.sum[at]! += sign * sum;
    if (p50 === undefined || p90 === undefined) return;
    ring(cells, 'p50')[at]! += sign * totalOf(sample, 'p50');
    ring(cells, 'p90')[at]! += sign * totalOf(sample, 'p90');
  }
}

/** Quantiles count as often as there were events. */
function totalOf(sample: Sample, part: Part): number {
  if (part === 'count' || part === 'sum') return sample[part];
  return sample.count * (sample[part] ?? 0);
}

function ring({ hours, rings }: Cells, part: 'p50' | 'p90'): Float64Array {
  let made = hours[part];
  if (made === undefined) {
    made = new Float64Array(HOURS);
    hours[part] = made;
    rings.push(made);
  }
  return made;
}
