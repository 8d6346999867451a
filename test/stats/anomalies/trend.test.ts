import { mad, median, quantile, slope, trendScore } from '../../../src/stats/anomalies/robust.js';
import { findTrend } from '../../../src/stats/anomalies/trend.js';
import { Random } from './random.js';

describe('robust statistics', () => {
  it('are not moved by one odd value', () => {
    expect(median([1, 2, 3, 4, 1e9])).toBe(3);
    expect(mad([1, 2, 3, 4, 1e9])).toBeCloseTo(1.4826);
    expect(quantile([1, 2, 3, 4, 5], 0.1)).toBeCloseTo(1.4);
    expect(slope([0, 1, 2, 99, 4, 5])).toBeCloseTo(1);
    expect(trendScore([1, 2, 3, 4, 5, 6, 7])).toBeCloseTo(3.0, 1);
    expect(trendScore([])).toBe(0);
  });
});

describe('a slow leak', () => {
  const days = (leak: (day: number) => number, seed = 1) => {
    const random = new Random(seed);
    return Array.from(
      { length: 42 },
      (_, day) => 0.1 + (day % 7 >= 5 ? 0.03 : 0) + 0.005 * random.normal() + leak(day),
    );
  };

  it('is found, with the days that it takes', () => {
    const found = findTrend(
      days((day) => Math.max(0, day - 31) * 0.012),
      0.04,
    );
    expect(found?.days).toBeGreaterThanOrEqual(7);
    expect(found?.days).toBeLessThanOrEqual(14);
  });

  it('is not a week with its weekend, nor a jump that comes back, nor noise', () => {
    for (let seed = 1; seed <= 50; seed++) {
      expect(
        findTrend(
          days(() => 0, seed),
          0.02,
        ),
      ).toBeUndefined();
      expect(
        findTrend(
          days((day) => (day === 38 ? 0.3 : 0), seed),
          0.02,
        ),
      ).toBeUndefined();
    }
  });

  it('is not told where the days before are too few to know what is usual', () => {
    expect(findTrend(days((day) => day * 0.02).slice(-12), 0.02)).toBeUndefined();
    expect(findTrend([], 0.02)).toBeUndefined();
  });
});
