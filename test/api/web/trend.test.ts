import { beginOf, neededFrom, RANGES, stepOf } from '../../../src/api/web/range.js';
import { curveOf, DAY, extent, HOUR, latest, type Trend } from '../../../src/api/web/trend.js';
import { WallClock } from '../../../src/api/web/wall-clock.js';
import type { WireHistory } from '../../../src/api/web/wire.js';

const clock = new WallClock('Europe/Paris');
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
    expect(curveOf(trend({}), of, hour - 2 * HOUR, now, clock).values).toEqual([null, 11, 10]);
    expect(curveOf(trend({ key: 'count' }), of, hour - HOUR, now, clock).values).toEqual([1, 0]);
  });

  it('tells the changes of a delivery, and of one without changes none', () => {
    const of = history(
      series('deliveries', 'AMEND', [[hour - HOUR, 40, 40]]),
      series('deliveries', 'NONE', [[hour, 1, 0]]),
    );
    const deliveries = trend({ part: 'deliveries', value: 'sumPerHour' });
    expect(curveOf(deliveries, of, hour - HOUR, now, clock).values).toEqual([40, 0]);
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
    const { low, high } = curveOf(trend({}), of, hour, now, clock);
    expect([low, high]).toEqual([[1], [2]]);
    expect(curveOf(trend({}), of, hour - week, now, clock).low[0]).toBeNull();
  });

  // The history's days are those of UTC; in Paris the clocks went back on 25 October.
  it('compares days with days across a change of the clocks', () => {
    const day = Date.UTC(2026, 10, 4);
    const points = Array.from({ length: 40 }, (_, i) => [day - i * DAY, 600, 600] as const).reverse();
    const of = { ...history(series('requests', '', points)), step: 'day' as const };
    const { low, high } = curveOf(trend({ value: 'perHour' }), of, day, day + DAY - 1, clock);
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
    const curve = curveOf(
      trend({ part: 'no_hits', whole: ['searches'], value: 'share' }),
      of,
      hour - 2 * HOUR,
      now,
      clock,
    );
    expect(curve.values).toEqual([null, null, 0.25]);
    expect(latest(curve)).toBe(2);
    expect(extent(curve)).toEqual([0.25, 0.25]);
    expect(extent(curveOf(trend({}), history(), hour, now, clock))).toBeUndefined();
  });

  it('compares an hour with the same hour of the clock, also across the end of daylight saving', () => {
    // 25 October 2026, 03:00 in Paris: from then on it is an hour less ahead of UTC.
    const after = Date.UTC(2026, 9, 26, 8);
    const of = history(
      series('requests', '', [
        [Date.UTC(2026, 9, 12, 7), 120, 120],
        [Date.UTC(2026, 9, 19, 7), 60, 60],
        [Date.UTC(2026, 9, 19, 8), 6_000, 6_000],
        [after, 60, 60],
      ]),
    );
    const { low, high } = curveOf(trend({}), of, after, after + HOUR / 2, clock);
    expect([low, high]).toEqual([[1], [2]]);
    const inUtc = curveOf(trend({}), of, after, after + HOUR / 2, new WallClock('UTC'));
    expect(inUtc.high).toEqual([100]);
  });

  it('compares an hour with the same hour of the clock across the beginning of daylight saving, and the one that is left out with the next', () => {
    // 29 March 2026, 02:00 in Paris: the clock goes on to 03:00.
    const after = Date.UTC(2026, 2, 30, 6);
    const of = history(
      series('requests', '', [
        [Date.UTC(2026, 2, 16, 6), 6_000, 6_000],
        [Date.UTC(2026, 2, 16, 7), 120, 120],
        [Date.UTC(2026, 2, 23, 7), 60, 60],
        [after, 60, 60],
      ]),
    );
    const { low, high } = curveOf(trend({}), of, after, after + HOUR / 2, clock);
    expect([low, high]).toEqual([[1], [2]]);
    // 02:00 a week later; a week before there was none, and two weeks before it was 01:00 UTC.
    const leftOut = Date.UTC(2026, 3, 5);
    const night = history(
      series('requests', '', [
        [Date.UTC(2026, 2, 22, 1), 180, 180],
        [Date.UTC(2026, 2, 29, 1), 120, 120],
        [leftOut, 60, 60],
      ]),
    );
    const band = curveOf(trend({}), night, leftOut, leftOut + HOUR / 2, clock);
    expect([band.low, band.high]).toEqual([[2], [3]]);
  });

  it.each([
    ['forward', Date.UTC(2026, 3, 5)],
    ['back', Date.UTC(2026, 10, 1)],
  ])('has a band of four weeks for each day and hour where the clocks went %s meanwhile', (_, day) => {
    const now = day + 12 * HOUR;
    for (const range of RANGES) {
      const step = { hour: HOUR, day: DAY }[stepOf(range)];
      const [needed, from] = [neededFrom(range, now, clock), beginOf(range, now, clock)];
      const points = [];
      // What the proxy has from then on; the oldest week of the four is like no other.
      for (let time = Math.ceil(needed / step) * step; time <= now; time += step)
        points.push([time, time < from - 24 * DAY ? 60 : 600, 0] as const);
      const of: WireHistory = { ...history(series('requests', '', points)), step: stepOf(range) };
      const { low, times } = curveOf(trend({ value: 'perHour' }), of, from, now, clock);
      expect(low[0]).toBe(step === DAY ? 60 / 24 : 60);
      expect(times.length).toBe(low.filter((value) => value !== null).length);
    }
  });

  it('compares days as they are kept, those of UTC, whatever the clock does meanwhile', () => {
    const day = Date.UTC(2026, 9, 26);
    const points = [2, 1, 0].map((weeks) => [day - weeks * 7 * DAY, 1_440 * (weeks + 1), 0] as const);
    const of: WireHistory = { ...history(series('requests', '', points)), step: 'day' };
    const { values, low, high } = curveOf(trend({}), of, day, day + DAY, clock);
    expect([values[0], low[0], high[0]]).toEqual([1, 2, 3]);
  });
});
