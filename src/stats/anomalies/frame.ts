import type { Mark } from '../history/types.js';
import type { StepCount } from './extent.js';
import { Days, type LikeHours } from './like-hours.js';
import type { ShareMeasure, Source } from './measures.js';
import { HOURS, type Part, type SeriesTable } from './series-table.js';

/** What one look at the table needs again and again, made once. */
export class Frame {
  readonly days: Days;
  readonly windows: readonly LikeHours[];
  readonly #totals = new Map<string, Float64Array>();
  readonly #highest = new Map<string, { count: Float64Array; part: Float64Array }>();

  /** @param marks oldest first */
  constructor(
    readonly table: SeriesTable,
    readonly marks: readonly Mark[],
  ) {
    this.days = new Days(table);
    this.windows = this.days.windows();
  }

  get now(): number {
    return this.table.now;
  }

  /** First moment of yesterday. */
  get yesterday(): number {
    return this.timeAt(this.days.yesterday);
  }

  /** Start of the hour of an element of running totals. */
  timeAt(element: number): number {
    return this.table.clock.timeOf(this.days.hourAt(element));
  }

  totals({ name, key }: Source, part: Part = 'count'): Float64Array {
    const id = `${name}\0${part}\0${key ?? '*'}`;
    let totals = this.#totals.get(id);
    if (totals === undefined) {
      totals = this.table.totals(name, part, key);
      this.#totals.set(id, totals);
    }
    return totals;
  }

  /** Running totals of the hours in which any key with this end was looked at, and of the highest mean of those keys. */
  highest(name: string, end: string): { count: Float64Array; part: Float64Array } {
    const known = this.#highest.get(`${name}\0${end}`);
    if (known !== undefined) return known;
    const highest = new Float64Array(HOURS).fill(-1);
    for (const key of this.table.keys(name).filter((one) => one.endsWith(end))) {
      const [count, sum] = [this.totals({ name, key }), this.totals({ name, key }, 'sum')];
      for (let i = 0; i < HOURS; i++) {
        const looks = count[i + 1]! - count[i]!;
        if (looks > 0) highest[i] = Math.max(highest[i]!, (sum[i + 1]! - sum[i]!) / looks);
      }
    }
    const made = { count: new Float64Array(HOURS + 1), part: new Float64Array(HOURS + 1) };
    for (let i = 0; i < HOURS; i++) {
      made.count[i + 1] = made.count[i]! + (highest[i]! < 0 ? 0 : 1);
      made.part[i + 1] = made.part[i]! + Math.max(0, highest[i]!);
    }
    this.#highest.set(`${name}\0${end}`, made);
    return made;
  }

  shareTotals({ part, whole }: ShareMeasure): { part: Float64Array; whole: Float64Array } {
    const [first, ...others] = whole.map((source) => this.totals(source));
    if (others.length === 0) return { part: this.totals(part), whole: first as Float64Array };
    const sum = Float64Array.from(first as Float64Array);
    for (const other of others) for (let i = 0; i <= HOURS; i++) sum[i]! += other[i]!;
    return { part: this.totals(part), whole: sum };
  }

  /** The two sides of a share by the minute, `from <= minute < to`, minutes without either left out. */
  shareMinutes({ part, whole }: ShareMeasure, from: number, to: number): StepCount[] {
    const of = new Map<number, number>();
    for (const source of whole) {
      for (const [minute, { count }] of this.table.minutes(source.name, from, to, source.key)) {
        of.set(minute, (of.get(minute) ?? 0) + count);
      }
    }
    const counts = this.table.minutes(part.name, from, to, part.key);
    const minutes = [...new Set([...of.keys(), ...counts.keys()])].sort((a, b) => a - b);
    return minutes.map((at) => ({ at, count: counts.get(at)?.count ?? 0, of: of.get(at) ?? 0 }));
  }

  /** When the first hour with any request was; `undefined` where there is none. */
  get begins(): number | undefined {
    const totals = this.totals({ name: 'requests' });
    for (let i = 0; i < HOURS; i++) if (totals[i + 1]! > 0) return this.timeAt(i);
    return undefined;
  }

  /** Marks of new trees from a time on. */
  trees(from: number): Mark[] {
    // A first tree changes nothing: there was none before.
    return this.marks.filter(({ kind, time, data }) => kind === 'tree' && time >= from && data.from !== undefined);
  }
}
