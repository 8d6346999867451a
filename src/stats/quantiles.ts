import { build, type Histogram, type JsHistogram } from 'hdr-histogram-js';

/** An hour in microseconds: whatever takes longer is counted as that. */
const HIGHEST = 3_600_000_000;

/** Quantiles in the unit of what was recorded; where nothing was recorded there is only `count`. */
export interface QuantileSummary {
  count: number;
  p50?: number;
  p90?: number;
  p99?: number;
  max?: number;
}

/**
 * An HDR histogram (two significant digits, 14 kB) that takes its memory with the first value. Mergeable without loss.
 * http://hdrhistogram.org
 */
export class Quantiles {
  #histogram: Histogram | undefined;

  record(value: number): void {
    this.#histogram ??= newHistogram();
    this.#histogram.recordValue(value < 0 ? 0 : value > HIGHEST ? HIGHEST : Math.round(value));
  }

  add(other: Quantiles): void {
    if (other.#histogram === undefined) return;
    this.#histogram ??= newHistogram();
    this.#histogram.add(other.#histogram as JsHistogram);
  }

  summary(): QuantileSummary {
    const histogram = this.#histogram;
    if (histogram === undefined || histogram.totalCount === 0) return { count: 0 };
    // A quantile is the upper end of its bucket, which may lie above every value that was recorded.
    const max = histogram.maxValue;
    const at = (percentile: number) => Math.min(histogram.getValueAtPercentile(percentile), max);
    return { count: histogram.totalCount, p50: at(50), p90: at(90), p99: at(99), max };
  }
}

function newHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: 2,
  });
}
