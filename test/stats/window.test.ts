import { SPANS, Window } from '../../src/stats/window.js';
import { passed, refused, rewritten, tallyOf } from './records.js';

const START = Date.UTC(2026, 0, 5, 9, 58, 57);

describe('Window', () => {
  let now = START;
  let window: Window;
  const counts = () => SPANS.map((span) => window.sum(span).summary().requests);

  beforeEach(() => {
    now = START;
    window = new Window(() => now);
  });

  it('has nothing before the first request', () => {
    expect(counts()).toEqual([0, 0, 0]);
    expect(window.sum('minute').summary().rewriteMicros).toEqual({ count: 0 });
  });

  it('counts a request in all three spans at once', () => {
    window.add(tallyOf(passed()));
    expect(counts()).toEqual([1, 1, 1]);
  });

  it('forgets a request in the minute after a minute, in the hour after an hour, in the day after a day', () => {
    window.add(tallyOf(passed()));
    now = START + 50_000;
    expect(counts()).toEqual([1, 1, 1]);
    now = START + 66_000;
    expect(counts()).toEqual([0, 1, 1]);
    now = START + 3_500_000;
    expect(counts()).toEqual([0, 1, 1]);
    now = START + 3_600_000 + 301_000;
    expect(counts()).toEqual([0, 0, 1]);
    now = START + 86_300_000;
    expect(counts()).toEqual([0, 0, 1]);
    now = START + 86_400_000 + 3_601_000;
    expect(counts()).toEqual([0, 0, 0]);
  });

  it('counts each request once when one comes every second for two days', () => {
    const one = tallyOf(passed());
    for (let second = 0; second < 2 * 86_400; second += 1) {
      now = START + second * 1000;
      window.add(one);
    }
    const [minute, hour, day] = counts();
    expect(minute).toBeGreaterThanOrEqual(60);
    expect(minute).toBeLessThanOrEqual(66);
    expect(hour).toBeGreaterThanOrEqual(3_600);
    expect(hour).toBeLessThanOrEqual(3_905);
    expect(day).toBeGreaterThanOrEqual(86_400);
    expect(day).toBeLessThanOrEqual(90_005);
  });

  it('does not lose what it holds when the clock is set back', () => {
    window.add(tallyOf(passed()));
    now = START - 60_000;
    window.add(tallyOf(passed()));
    expect(counts()).toEqual([2, 2, 2]);
  });

  it('sums outcomes, endpoints, errors, codes and hits over slots', () => {
    window.add(tallyOf(rewritten({ hits: 0 }, [{ written: 'DEP:69', codes: ['DEP:69'] }])));
    now += 10_000;
    window.add(tallyOf(rewritten({ endpoint: 'msearch' }, [{ codes: ['DEP:69', 'DEP:01'] }])));
    now += 10_000;
    window.add(tallyOf(refused(['COM:234'])));
    const sum = window.sum('minute');
    expect(sum.summary()).toMatchObject({
      requests: 3,
      rewritten: 2,
      refused: 1,
      endpoints: { search: 2, msearch: 1 },
      errors: { unknown_unit_exception: 1 },
      hits: { known: 2, none: 1 },
      tookMillis: { count: 2, p50: 3, max: 3 },
    });
    expect(sum.units.largest(5)).toEqual([
      { key: 'DEP:69', count: 2 },
      { key: 'DEP:01', count: 1 },
    ]);
    expect(sum.unknownCodes.largest(5)).toEqual([{ key: 'COM:234', count: 1 }]);
    expect(sum.withoutHits.largest(5)).toEqual([{ key: 'DEP:69', count: 1 }]);
    expect(sum.clients.largest(5)).toEqual([{ key: '192.0.2.7', count: 3 }]);
  });

  it('gives quantiles within one hundredth, over slots', () => {
    for (let i = 1; i <= 1000; i += 1) {
      now = START + i * 40;
      window.add(tallyOf(passed({ upstreamMicros: i * 1000 })));
    }
    const { p50, p90, p99, max, count } = window.sum('minute').summary().upstreamMicros;
    expect(count).toBe(1000);
    for (const [value, exact] of [
      [p50, 500_000],
      [p90, 900_000],
      [p99, 990_000],
      [max, 1_000_000],
    ] as const) {
      expect(Math.abs((value ?? 0) - exact) / exact).toBeLessThan(0.01);
    }
  });

  it('takes a time of weeks as an hour and a negative one as zero', () => {
    window.add(tallyOf(passed({ upstreamMicros: 1e13 })));
    window.add(tallyOf(passed({ upstreamMicros: -5 })));
    const { p50, max } = window.sum('minute').summary().upstreamMicros;
    expect(p50).toBe(0);
    expect(Math.abs((max ?? 0) - 3.6e9) / 3.6e9).toBeLessThan(0.01);
  });
});
