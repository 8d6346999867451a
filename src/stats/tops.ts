/** Longer keys are cut, so that one request can't fill the memory. */
const KEY_LENGTH = 512;

/**
 * Counts by key, of which only the largest matter. Memory is bounded: when twice `capacity` keys are held, the smallest
 * are dropped. Counts are exact until then, and afterwards at most too low.
 */
export class Tops {
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();

  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be 1 or more, not ${capacity}`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#counts.size;
  }

  add(key: string, count = 1): void {
    const short = key.length > KEY_LENGTH ? `${key.slice(0, KEY_LENGTH)}…` : key;
    this.#counts.set(short, (this.#counts.get(short) ?? 0) + count);
    if (this.#counts.size > 2 * this.#capacity) this.#prune();
  }

  addAll(other: Tops): void {
    for (const [key, count] of other.#counts) this.add(key, count);
  }

  /** The `size` largest, largest first; equal ones in the order of their keys. */
  largest(size: number): { key: string; count: number }[] {
    return this.#sorted()
      .slice(0, size)
      .map(([key, count]) => ({ key, count }));
  }

  #sorted(): [string, number][] {
    return [...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  #prune(): void {
    for (const [key] of this.#sorted().slice(this.#capacity)) this.#counts.delete(key);
  }
}
