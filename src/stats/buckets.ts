/** Counts of values up to each of a few bounds, as a Prometheus histogram has them. Exact, and cheap to add to. */
export class Buckets {
  readonly bounds: readonly number[];
  /** For each bound the values up to it and above the one before; last those above all. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds rising, in the unit of the values */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  record(value: number): void {
    const { bounds, counts } = this;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    counts[at]!++;
    this.sum += value;
  }

  add({ counts, sum }: Buckets): void {
    for (const [i, count] of counts.entries()) this.counts[i]! += count;
    this.sum += sum;
  }
}
