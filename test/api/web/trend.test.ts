import { curveOf, DAY, extent, HOUR, latest, type Trend } from '../../../src/api/web/trend.js';
import type { WireHistory } from '../../../src/api/web/wire.js';

const now = Date.UTC(2026, 10, 18, 12, 30);
const hour = Math.floor(now / HOUR) * HOUR;
const series = (name: string, key: string, points: WireHistory['series'][number]['points']) => ({ name, key, points });
const history = (...all: WireHistory['series'][number][]): WireHistory => ({
  step: 'hour',
  from: 0,
  to: now,
  series: all,
});
const trend = (more: Partial<Trend>): Trend => ({
  id: 'hits',
  part: 'requests',
  value: 'perMinute',
  format: 'quantity',
  ...more,
});

describe('a trend', () => {
  it('counts by the minute, the last hour by the part of it that is over, keys added up', () => {
    const of = history(
      series('requests', 'search', [
        [hour - HOUR, 600, 600],
        [hour, 300, 300],
      ]),
      series('requests', 'count', [[hour - HOUR, 60, 60]]),
    );
    expect(curveOf(trend({}), of, hour - 2 * HOUR, now).values).toEqual([null, 11, 10]);
    expect(curveOf(trend({ key: 'count' }), of, hour - HOUR, now).values).toEqual([1, 0]);
  });

  it('tells what is usual from the same hour of the weeks before, once there are two', () => {
    const week = 7 * DAY;
    const of = history(
      series('requests', '', [
        [hour - 2 * week, 60, 60],
        [hour - week, 120, 120],
        [hour, 30, 30],
      ]),
    );
    const { low, high } = curveOf(trend({}), of, hour, now);
    expect([low, high]).toEqual([[1], [2]]);
    expect(curveOf(trend({}), of, hour - week, now).low[0]).toBeNull();
  });

  // The history's days are those of UTC: run with TZ=Europe/Paris, where the clocks went back on 25 October.
  it('compares days with days across a change of the clocks', () => {
    const day = Date.UTC(2026, 10, 4);
    const points = Array.from({ length: 40 }, (_, i) => [day - i * DAY, 600, 600] as const).reverse();
    const of = { ...history(series('requests', '', points)), step: 'day' as const };
    const { low, high } = curveOf(trend({ value: 'perHour' }), of, day, day + DAY - 1);
    expect([low, high]).toEqual([[25], [25]]);
  });

  it('has no share of almost nothing, and no value before anything was measured', () => {
    const of = history(
      series('no_hits', '', [[hour, 2, 2]]),
      series('searches', '', [
        [hour - HOUR, 4, 4],
        [hour, 8, 8],
      ]),
    );
    const curve = curveOf(trend({ part: 'no_hits', whole: ['searches'], value: 'share' }), of, hour - 2 * HOUR, now);
    expect(curve.values).toEqual([null, null, 0.25]);
    expect(latest(curve)).toBe(2);
    expect(extent(curve)).toEqual([0.25, 0.25]);
    expect(extent(curveOf(trend({}), history(), hour, now))).toBeUndefined();
  });
});
