import { type QueryLine, queryLine } from './query-log.js';
import type { Observer, RequestRecord } from './record.js';

/** A record that names more codes or places is cut to its line at once, so that what is held stays small. */
const CODES_HELD = 200;

const SECOND_MS = 1000;

/**
 * The last requests that were rewritten, refused or failed, in memory. Where more are rewritten in a second than are held,
 * only the first of that second are: nobody could read the others, to hold them costs more than to count them, and
 * they would drive out what was refused or failed.
 */
export class RecentQueries implements Observer {
  readonly #room: number;
  /** A ring: the place of the next one is `#next`. */
  readonly #held: (RequestRecord | QueryLine)[] = [];
  #next = 0;
  /** When the second began whose requests are counted, and how many were rewritten in it. */
  #second = 0;
  #rewritten = 0;

  /** @param room how many are held */
  constructor(room: number) {
    this.#room = room;
  }

  /** None of those is told of. */
  passed(): void {}

  request(record: RequestRecord): void {
    if (record.outcome === 'passed' || this.#room === 0) return;
    if (record.outcome === 'rewritten' && !this.#hasTurn(record.time)) return;
    this.add(isLarge(record) ? queryLine(record) : record);
  }

  #hasTurn(time: number): boolean {
    if (Math.abs(time - this.#second) >= SECOND_MS) {
      this.#second = time;
      this.#rewritten = 0;
    }
    this.#rewritten += 1;
    return this.#rewritten <= this.#room;
  }

  /** Adds what was recorded here or in another process. */
  add(query: RequestRecord | QueryLine): void {
    if (this.#room === 0) return;
    this.#held[this.#next] = query;
    this.#next = (this.#next + 1) % this.#room;
  }

  /** The last ones, the newest first. */
  last(size: number): QueryLine[] {
    return [...this.#held.slice(this.#next), ...this.#held.slice(0, this.#next)]
      .map((held) => ('line' in held ? held : queryLine(held)))
      .sort((a, b) => b.time - a.time)
      .slice(0, size);
  }

  /** All of them, the oldest first, which are held no longer. */
  take(): QueryLine[] {
    const all = this.last(this.#room).reverse();
    this.#held.length = 0;
    this.#next = 0;
    return all;
  }
}

function isLarge({ outcomeDetail, error }: RequestRecord): boolean {
  if ((error?.units?.length ?? 0) > CODES_HELD) return true;
  if (outcomeDetail === undefined) return false;
  let size = outcomeDetail.replaced.length;
  for (const { codes, written } of outcomeDetail.replaced) size += codes.length + written.length / 100;
  return size > CODES_HELD;
}
