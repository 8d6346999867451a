const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times as a clock on the wall shows them in one time zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @param zone a name as `Europe/Paris`. @throws RangeError where there is no such zone */
  constructor(readonly zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** What the clock shows at a moment, as milliseconds since it showed 1970-01-01 00:00. */
  shownAt(time: number): number {
    return time + this.#offset(time);
  }

  /** The first moment at which the clock shows a time; where spring leaves it out, the one an hour later. */
  momentOf(shown: number): number {
    const guess = shown - this.#offset(shown);
    const moments = [guess - HOUR, guess, guess + HOUR].filter((time) => this.shownAt(time) === shown);
    return moments[0] ?? shown - this.#offset(guess - DAY);
  }

  /** When the day of a moment began, or one so many days before it. */
  midnight(time: number, daysBefore = 0): number {
    return this.momentOf((Math.floor(this.shownAt(time) / DAY) - daysBefore) * DAY);
  }

  /** When the clock showed the same time so many days before. */
  daysBefore(time: number, days: number): number {
    return this.momentOf(this.shownAt(time) - days * DAY);
  }

  /** Zones change their offset at whole hours of UTC, and to ask for it takes long. */
  #offset(time: number): number {
    const hour = Math.floor(time / HOUR);
    let offset = this.#offsets.get(hour);
    if (offset === undefined) {
      const parts: Record<string, number> = {};
      for (const { type, value } of this.#format.formatToParts(hour * HOUR)) parts[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = parts;
      offset = Date.UTC(year, month - 1, day, h, minute, second) - hour * HOUR;
      if (this.#offsets.size > 20_000) this.#offsets.clear();
      this.#offsets.set(hour, offset);
    }
    return offset;
  }
}
