import { type QueryLine, queryLine } from './query-log.js';
import { isLarge, type Observer, type RequestRecord } from './record.js';

/** The last requests that were rewritten, refused or failed, in memory. */
export class RecentQueries implements Observer {
  readonly #room: number;
  /** A ring: the place of the next one is `#next`. */
  readonly #held: (RequestRecord | QueryLine)[] = [];
  #next = 0;

  /** @param room how many are held */
  constructor(room: number) {
    this.#room = room;
  }

  /** None of those is told of. */
  passed(): void {}

  request(record: RequestRecord): void {
    if (record.outcome === 'passed' || this.#room === 0) return;
    // What is held stays small.
    this.add(isLarge(record) ? queryLine(record) : record);
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
