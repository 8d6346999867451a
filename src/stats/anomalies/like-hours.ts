import { LocalClock } from './local-clock.js';
import { quantile } from './robust.js';
import { HOURS, type SeriesTable } from './series-table.js';

/** Hours `from <= h < to` as elements of running totals: `totals[to] - totals[from]` is what happened in them. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export function inWindow(totals: Float64Array, { from, to }: Window): number {
  return totals[to]! - totals[from]!;
}

/** A stretch of hours to be judged, and the stretches of earlier days that it is compared with. */
export interface LikeHours extends Window {
  readonly likes: readonly Window[];
  /** The same hours of days of any kind, for what is too rare to tell the kinds apart. */
  readonly anyDays: readonly Window[];
  /** Set where today is quiet as a Sunday is: stretches of Saturdays and Sundays, within whose bounds all is well too. */
  readonly restDays?: readonly Window[];
}

/** Hours of traffic below which nothing is told about a day. */
const ENOUGH_REQUESTS = 50;
/** Of what is usual on such a day: below it a working day is taken for a holiday. */
const HOLIDAY = 0.7;

/** Stretches of yesterday and today up to now, short ones and long ones, each with its like. */
export class Days {
  readonly #table: SeriesTable;
  readonly #requests: Float64Array;
  readonly #quietDays = new Map<number, boolean>();

  constructor(table: SeriesTable) {
    this.#table = table;
    this.#requests = table.totals('requests');
  }

  /** Element of running totals at which the hour of now ends. */
  get end(): number {
    return HOURS;
  }

  /** Element at which yesterday begins. */
  get yesterday(): number {
    const today = Math.floor(this.#table.head / 24) * 24;
    return this.at(today - 24);
  }

  /** Element of a local hour. */
  at(hour: number): number {
    return hour - (this.#table.head - HOURS + 1);
  }

  hourAt(element: number): number {
    return this.#table.head - HOURS + 1 + element;
  }

  windows(): LikeHours[] {
    const windows: LikeHours[] = [];
    for (const [length, step] of [
      [1, 1],
      [4, 2],
      [12, 4],
      [24, 8],
    ] as const) {
      for (let to = HOURS; to - length >= this.yesterday; to -= step)
        windows.push(this.like({ from: to - length, to }));
    }
    // A long one always, also shortly after midnight.
    if (HOURS - 24 < this.yesterday) windows.push(this.like({ from: HOURS - 24, to: HOURS }));
    return windows;
  }

  /** The same hours of earlier days of the same kind; of short stretches with the hours beside them. */
  like(window: Window): LikeHours {
    const own = this.#shifts(window, (day) => this.#kinds(window) === day);
    const quiet = this.#daysOf(window).some((day) => this.isQuiet(day));
    const anyDays = this.#shifts(window, () => true, 0);
    if (!quiet) return { ...window, likes: own, anyDays };
    const rest = this.#shifts(window, (kinds) => !kinds.includes('work'));
    return { ...window, likes: own, anyDays, restDays: rest };
  }

  /** Whether a day (local, since 1970) has so little traffic that it may be a holiday. */
  isQuiet(day: number): boolean {
    const known = this.#quietDays.get(day);
    if (known !== undefined) return known;
    const from = this.at(day * 24);
    // The hour of now is not over: its traffic can't be compared.
    const window = { from, to: Math.min(from + 24, HOURS - 1) };
    const quiet = window.to > window.from && this.#isQuiet(window);
    this.#quietDays.set(day, quiet);
    return quiet;
  }

  #isQuiet(window: Window): boolean {
    const own = this.#kinds(window);
    const leftOut = this.#leftOut(window);
    const usual = quantile(
      this.#shifts(window, (kinds) => kinds === own, 0).map((like) => {
        const ofHour = (hour: number) => inWindow(this.#requests, { from: like.from + hour, to: like.from + hour + 1 });
        return leftOut.reduce((sum, hour) => sum - ofHour(hour), inWindow(this.#requests, like));
      }),
      0.5,
    );
    return usual >= ENOUGH_REQUESTS && inWindow(this.#requests, window) < HOLIDAY * usual;
  }

  /** The hours of a window that the clock leaves out in spring, from its beginning: in them nothing can come. */
  #leftOut({ from, to }: Window): number[] {
    const { clock } = this.#table;
    const hours = Array.from({ length: to - from }, (_, hour) => hour);
    return hours.filter((hour) => {
      const local = this.hourAt(from + hour);
      return clock.hourOf(clock.timeOf(local)) !== local;
    });
  }

  #shifts(
    window: Window,
    fits: (kinds: string) => boolean,
    neighbours = window.to - window.from < 4 ? 1 : 0,
  ): Window[] {
    const likes: Window[] = [];
    for (let shift = 24; window.from - shift - neighbours >= 0; shift += 24) {
      const like = { from: window.from - shift, to: window.to - shift };
      if (!fits(this.#kinds(like))) continue;
      for (let by = -neighbours; by <= neighbours; by++) likes.push({ from: like.from + by, to: like.to + by });
    }
    return likes.filter((like) => like.to <= window.from);
  }

  /** The kinds of the first and the last day of a window, as one word. */
  #kinds({ from, to }: Window): string {
    const first = LocalClock.dayClass(this.hourAt(from));
    const last = LocalClock.dayClass(this.hourAt(to - 1));
    return `${first} ${last}`;
  }

  #daysOf({ from, to }: Window): number[] {
    const first = Math.floor(this.hourAt(from) / 24);
    const last = Math.floor(this.hourAt(to - 1) / 24);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
}
