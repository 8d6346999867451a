import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  type JsHistogram,
} from 'hdr-histogram-js';

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

  get count(): number {
    return this.#histogram?.totalCount ?? 0;
  }

  /** The histogram as bytes: HDR's own format V2, deflated. Empty where nothing was recorded. */
  encode(): Uint8Array {
    if (this.#histogram === undefined) return new Uint8Array();
    return Buffer.from(encodeIntoCompressedBase64(this.#histogram), 'base64');
  }

  /** What `encode` gave. Throws where the bytes are none of it. */
  static decode(bytes: Uint8Array): Quantiles {
    const quantiles = new Quantiles();
    if (bytes.length > 0) {
      quantiles.#histogram = newHistogram();
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
      quantiles.#histogram.add(decodeFromCompressedBase64(text) as JsHistogram);
    }
    return quantiles;
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
