import { Buckets } from './buckets.js';
import { type QuantileSummary, Quantiles } from './quantiles.js';

/** As it goes to another process: JSON, or nothing where nothing was recorded. */
export type MeasureMessage = readonly [sketch: string, counts: readonly number[], sum: number] | null;

/** The distribution of one kind of value: quantiles for people and the history, buckets for Prometheus. */
export class Measure {
  readonly quantiles = new Quantiles();
  readonly buckets: Buckets;

  constructor(bounds: readonly number[]) {
    this.buckets = new Buckets(bounds);
  }

  get count(): number {
    return this.quantiles.count;
  }

  get sum(): number {
    return this.buckets.sum;
  }

  record(value: number): void {
    this.quantiles.record(value);
    this.buckets.record(value);
  }

  add(other: Measure): void {
    this.quantiles.add(other.quantiles);
    this.buckets.add(other.buckets);
  }

  summary(): QuantileSummary {
    return this.quantiles.summary();
  }

  toMessage(): MeasureMessage {
    if (this.count === 0) return null;
    return [Buffer.from(this.quantiles.encode()).toString('base64'), this.buckets.counts, this.sum];
  }

  addMessage(message: MeasureMessage): void {
    if (message === null) return;
    const [sketch, counts, sum] = message;
    this.quantiles.add(Quantiles.decode(Buffer.from(sketch, 'base64')));
    const buckets = new Buckets(this.buckets.bounds);
    for (const [i, count] of counts.entries()) buckets.counts[i] = count;
    buckets.sum = sum;
    this.buckets.add(buckets);
  }
}
