/** Longer keys are cut, so that one request can't fill the memory. */
const KEY_LENGTH = 512;

interface Counted {
  count: number;
}

/**
 * Counts by key, of which only the largest matter. Memory is bounded: when twice `capacity` keys are held, the smallest
 * are dropped. Counts are exact until then, and afterwards at most too low.
 */
export class Tops {
  readonly #capacity: number;
  readonly #counts = new Map<string, Counted>();

  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be 1 or more, not ${capacity}`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#counts.size;
  }

  add(key: string, count = 1): void {
    const counted = this.#counts.get(key);
    if (counted !== undefined) counted.count += count;
    else if (key.length > KEY_LENGTH + 1) this.add(`${key.slice(0, KEY_LENGTH)}…`, count);
    else {
      this.#counts.set(key, { count });
      if (this.#counts.size > 2 * this.#capacity) this.#prune();
    }
  }

  addAll(other: Tops): void {
    for (const [key, { count }] of other.#counts) this.add(key, count);
  }

  /** The `size` largest, largest first; equal ones in the order of their keys. */
  largest(size: number): { key: string; count: number }[] {
    return this.#sorted()
      .slice(0, size)
      .map(([key, { count }]) => ({ key, count }));
  }

  /** All that are held, in no particular order. */
  *[Symbol.iterator](): IterableIterator<[key: string, count: number]> {
    for (const [key, { count }] of this.#counts) yield [key, count];
  }

  #sorted(): [string, Counted][] {
    return [...this.#counts].sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1));
  }

  /** Keeps the largest, and of those at the limit the latest. By their counts alone: sorting by key too takes ten times as long. */
  #prune(): void {
    const counts = Float64Array.from(this.#counts.values(), ({ count }) => count).sort();
    const limit = counts[counts.length - this.#capacity]!;
    for (const [key, { count }] of this.#counts) if (count < limit) this.#counts.delete(key);
    for (const [key, { count }] of this.#counts) {
      if (this.#counts.size <= this.#capacity) break;
      if (count === limit) this.#counts.delete(key);
    }
  }
}
