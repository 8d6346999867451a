import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  type JsHistogram,
} from 'hdr-histogram-js';

/** An hour in microseconds: whatever takes longer is counted as that. */
const HIGHEST = 3_600_000_000;

/**
 * Places of a value's count, as HDR itself has them for two digits: the first 256 values have one each, then each power
 * of two has 128. https://github.com/HdrHistogram/HdrHistogram
 */
const PLACES = 128 * (Math.floor(Math.log2(HIGHEST)) - 7) + 256;

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
 *
 * To record a value the library takes a tenth of a microsecond, and a request has up to four: so new ones are counted
 * in an array by their place, and handed to the library when something is asked of it.
 */
export class Quantiles {
  #histogram: Histogram | undefined;
  #fresh: Uint32Array | undefined;
  #freshCount = 0;
  #freshMax = 0;

  record(value: number): void {
    this.#fresh ??= new Uint32Array(PLACES);
    const whole = value < 0 ? 0 : value > HIGHEST ? HIGHEST : Math.round(value);
    const clz = Math.clz32(whole);
    const shift = clz < 24 ? 24 - clz : 0;
    this.#fresh[128 * shift + (whole >>> shift)]!++;
    this.#freshCount += 1;
    if (whole > this.#freshMax) this.#freshMax = whole;
  }

  add(other: Quantiles): void {
    const theirs = other.#settled();
    if (theirs === undefined) return;
    this.#histogram ??= newHistogram();
    this.#histogram.add(theirs as JsHistogram);
  }

  get count(): number {
    return (this.#histogram?.totalCount ?? 0) + this.#freshCount;
  }

  /** The histogram as bytes: HDR's own format V2, deflated. Empty where nothing was recorded. */
  encode(): Uint8Array {
    const histogram = this.#settled();
    if (histogram === undefined) return new Uint8Array();
    return Buffer.from(encodeIntoCompressedBase64(histogram), 'base64');
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
    const histogram = this.#settled();
    if (histogram === undefined || histogram.totalCount === 0) return { count: 0 };
    // A quantile is the upper end of its bucket, which may lie above every value that was recorded.
    const max = histogram.maxValue;
    const at = (percentile: number) => Math.min(histogram.getValueAtPercentile(percentile), max);
    return { count: histogram.totalCount, p50: at(50), p90: at(90), p99: at(99), max };
  }

  /** The histogram with all that was recorded; `undefined` where nothing was. */
  #settled(): Histogram | undefined {
    const fresh = this.#fresh;
    if (fresh === undefined || this.#freshCount === 0) return this.#histogram;
    this.#histogram ??= newHistogram();
    for (let place = 0; place < PLACES; place++) {
      const count = fresh[place]!;
      if (count > 0) this.#histogram.recordValueWithCount(lowestAt(place), count);
    }
    // Of the largest value alone the library keeps more than its place.
    this.#histogram.recordValueWithCount(this.#freshMax, 0);
    fresh.fill(0);
    this.#freshCount = 0;
    this.#freshMax = 0;
    return this.#histogram;
  }
}

/** The lowest value that is counted at a place: HDR tells no difference between those of one. */
function lowestAt(place: number): number {
  if (place < 256) return place;
  const shift = (place >>> 7) - 1;
  return (place - 128 * shift) * 2 ** shift;
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
