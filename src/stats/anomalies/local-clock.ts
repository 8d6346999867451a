const HOUR = 3_600_000;

/** What people do differently: working days, Saturdays and Sundays. */
export type DayClass = 'work' | 'saturday' | 'sunday';

/**
 * Hours as the wall clock of a time zone counts them, since 1970-01-01 00:00 there. Two moments of the same hour of the
 * week differ by a multiple of 168, also across a change of daylight saving; the hour that is left out in spring has no
 * moment, the one that comes twice in autumn has two hours of moments.
 */
export class LocalClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @param timeZone a name as `Europe/Paris`. @throws RangeError where there is no such zone */
  constructor(readonly timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** @param time milliseconds since 1970, UTC */
  hourOf(time: number): number {
    return Math.floor((time + this.#offset(time)) / HOUR);
  }

  /** The first moment of a local hour, in milliseconds since 1970, UTC; of the hour left out in spring the next one's. */
  timeOf(hour: number): number {
    const local = hour * HOUR;
    const guess = local - this.#offset(local);
    for (const time of [guess - HOUR, guess, guess + HOUR]) {
      if (time + this.#offset(time) === local) return time;
    }
    return guess;
  }

  /** @param hour a local hour. 0 is Sunday */
  static weekday(hour: number): number {
    return (((Math.floor(hour / 24) + 4) % 7) + 7) % 7;
  }

  static dayClass(hour: number): DayClass {
    const weekday = LocalClock.weekday(hour);
    return weekday === 0 ? 'sunday' : weekday === 6 ? 'saturday' : 'work';
  }

  /** Zones change their offset at whole hours of UTC, so one figure an hour is enough. */
  #offset(time: number): number {
    const hour = Math.floor(time / HOUR);
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const start = hour * HOUR;
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(start)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, h, minute, second) - start;
    if (this.#offsets.size > 20_000) this.#offsets.clear();
    this.#offsets.set(hour, offset);
    return offset;
  }
}
