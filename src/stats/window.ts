import { Tally } from './tally.js';

export const SPANS = ['minute', 'hour', 'day'] as const;
export type Span = (typeof SPANS)[number];

/** For each span the width of a slot in milliseconds, finest first; the last is as long as the day's slots are. */
const WIDTHS: Readonly<Record<Span, { slot: number; length: number }>> = {
  minute: { slot: 5_000, length: 60_000 },
  hour: { slot: 300_000, length: 3_600_000 },
  day: { slot: 3_600_000, length: 86_400_000 },
};

interface Slot {
  /** Number of the slot: its start divided by its width. */
  readonly number: number;
  readonly tally: Tally;
}

/**
 * What was recorded over the last minute, hour and day. What was counted goes into an open slot of five seconds; a
 * slot that closes is kept for its own span and added to the open slot of the next coarser one. So a window is exact to
 * the width of its slots: it holds its span and at most one slot more.
 */
export class Window {
  readonly #now: () => number;
  readonly #open: (Slot | undefined)[] = SPANS.map(() => undefined);
  readonly #closed: Slot[][] = SPANS.map(() => []);

  /** @param now milliseconds since 1970; the clock is passed in for tests */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Adds what was counted since the last time. */
  add(tally: Tally): void {
    this.#advance();
    (this.#open[0] as Slot).tally.add(tally);
  }

  /** The sum over a span. A new tally each time: nothing of the window is shared. */
  sum(span: Span): Tally {
    this.#advance();
    const level = SPANS.indexOf(span);
    const { slot: width, length } = WIDTHS[span];
    const first = Math.floor((this.#now() - length) / width);
    const sum = new Tally();
    for (const slot of this.#closed[level] ?? []) if (slot.number >= first) sum.add(slot.tally);
    for (const slot of this.#open.slice(0, level + 1)) if (slot !== undefined) sum.add(slot.tally);
    return sum;
  }

  /** Closes every open slot whose time is over, finest first, and drops the ones that no span reaches any more. */
  #advance(): void {
    const now = this.#now();
    for (const [level, span] of SPANS.entries()) {
      const { slot: width, length } = WIDTHS[span];
      const number = Math.floor(now / width);
      const open = this.#open[level];
      if (open !== undefined && open.number >= number) return; // coarser slots are still open too
      this.#open[level] = { number, tally: new Tally() };
      if (open === undefined) continue;
      const closed = this.#closed[level] as Slot[];
      closed.push(open);
      const first = Math.floor((now - length) / width);
      while (closed[0] !== undefined && closed[0].number < first) closed.shift();
      this.#passOn(open, level + 1);
    }
  }

  /** Adds a closed slot to the coarser slot in which it lay, which may itself be over since. */
  #passOn(slot: Slot, level: number): void {
    const coarser = SPANS[level];
    const finer = SPANS[level - 1];
    if (coarser === undefined || finer === undefined) return;
    const number = Math.floor((slot.number * WIDTHS[finer].slot) / WIDTHS[coarser].slot);
    this.#open[level] ??= { number, tally: new Tally() };
    (this.#open[level] as Slot).tally.add(slot.tally);
  }
}
