import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';

const HOUR = 3_600_000;

describe('the local clock', () => {
  const paris = new LocalClock('Europe/Paris');

  it('keeps the hour of the week across a change of daylight saving', () => {
    // Mondays at 09:00 in Paris, before and after 29 March 2026.
    const before = paris.hourOf(Date.UTC(2026, 2, 23, 8));
    const after = paris.hourOf(Date.UTC(2026, 2, 30, 7));
    expect(after - before).toBe(168);
    expect([LocalClock.weekday(before), before % 24]).toEqual([1, 9]);
  });

  it('leaves an hour out in spring and has one twice in autumn', () => {
    const spring = [0, 1, 2].map((hour) => paris.hourOf(Date.UTC(2026, 2, 29, hour)) % 24);
    expect(spring).toEqual([1, 3, 4]);
    const autumn = [0, 1, 2].map((hour) => paris.hourOf(Date.UTC(2026, 9, 25, hour)) % 24);
    expect(autumn).toEqual([2, 2, 3]);
  });

  it.each(['Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC'])(
    'gives back the first moment of each local hour in %s',
    (zone) => {
      const clock = new LocalClock(zone);
      for (let time = Date.UTC(2026, 2, 28); time < Date.UTC(2026, 3, 6); time += HOUR) {
        const hour = clock.hourOf(time);
        const first = clock.timeOf(hour);
        expect(clock.hourOf(first)).toBe(hour);
        expect(first).toBeLessThanOrEqual(time);
        // An hour that comes twice in autumn has two hours of moments.
        expect(time - first).toBeLessThan(2 * HOUR);
      }
    },
  );

  it('knows days of work from days of rest', () => {
    const classes = [20, 21, 22].map((day) => LocalClock.dayClass(paris.hourOf(Date.UTC(2026, 10, day, 12))));
    expect(classes).toEqual(['work', 'saturday', 'sunday']);
  });

  it('refuses a zone that does not exist', () => {
    expect(() => new LocalClock('Europe/Lyon')).toThrow(RangeError);
  });
});
