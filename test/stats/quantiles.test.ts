import fc from 'fast-check';
import { build, type JsHistogram } from 'hdr-histogram-js';
import { Quantiles } from '../../src/stats/quantiles.js';

const HIGHEST = 3_600_000_000;

/** What the library itself makes of the values. */
function library(values: readonly number[]) {
  const histogram = build({
    ...{ bitBucketSize: 32, autoResize: false, lowestDiscernibleValue: 1 },
    ...{ highestTrackableValue: HIGHEST, numberOfSignificantValueDigits: 2 },
  }) as JsHistogram;
  for (const value of values) histogram.recordValue(value);
  const at = (percentile: number) => Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue);
  return { count: values.length, p50: at(50), p90: at(90), p99: at(99), max: histogram.maxValue };
}

function recorded(values: readonly number[]): Quantiles {
  const quantiles = new Quantiles();
  for (const value of values) quantiles.record(value);
  return quantiles;
}

describe('quantiles', () => {
  const edges = [0, 1, 127, 128, 255, 256, 257, 511, 512, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, HIGHEST];
  const value = fc
    .oneof(fc.nat(300), fc.integer({ min: 0, max: HIGHEST }), fc.constantFrom(...edges))
    .map((n) => Math.min(n, HIGHEST));
  const values = fc.array(value, { minLength: 1, maxLength: 60 });

  it('are those of the HDR histogram, for every value', () => {
    fc.assert(fc.property(values, (list) => expect(recorded(list).summary()).toEqual(library(list))));
  });

  it('are the same when they were merged, encoded and decoded in any order', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const merged = recorded(one);
        merged.summary();
        merged.add(Quantiles.decode(recorded(other).encode()));
        for (const value of one) merged.record(value);
        expect(merged.count).toBe(2 * one.length + other.length);
        const all = Quantiles.decode(recorded([...one, ...other, ...one]).encode());
        expect(Quantiles.decode(merged.encode()).summary()).toEqual(all.summary());
      }),
    );
  });

  it('take what is below zero as zero, what is too large as the largest, and what is no number as zero', () => {
    expect(recorded([-5]).summary()).toEqual(library([0]));
    expect(recorded([1e12]).summary()).toEqual(library([HIGHEST]));
    expect(recorded([Number.NaN]).summary()).toEqual(library([0]));
    expect(recorded([511.5]).summary()).toEqual(library([512]));
  });
});
