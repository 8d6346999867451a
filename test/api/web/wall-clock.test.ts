import { WallClock } from '../../../src/api/web/wall-clock.js';

const DAY = 86_400_000;
const paris = new WallClock('Europe/Paris');
const at = (text: string) => Date.parse(text);

describe('the clock of a zone', () => {
  it('knows midnight, today and days ago, across both changes of daylight saving', () => {
    expect(paris.midnight(at('2026-11-26T00:30:00+01:00'))).toBe(at('2026-11-26T00:00:00+01:00'));
    expect(paris.midnight(at('2026-10-25T12:00:00+01:00'))).toBe(at('2026-10-25T00:00:00+02:00'));
    expect(paris.midnight(at('2026-10-28T12:00:00+01:00'), 7)).toBe(at('2026-10-21T00:00:00+02:00'));
    expect(paris.midnight(at('2026-03-30T12:00:00+02:00'), 2)).toBe(at('2026-03-28T00:00:00+01:00'));
  });

  it('is that of its zone, wherever the reader is', () => {
    const tokyo = new WallClock('Asia/Tokyo');
    expect(tokyo.midnight(at('2026-11-26T16:00:00Z'))).toBe(at('2026-11-27T00:00:00+09:00'));
    expect(new WallClock('America/New_York').midnight(at('2026-11-26T03:00:00Z'))).toBe(
      at('2026-11-25T00:00:00-05:00'),
    );
    expect(new WallClock('Asia/Kolkata').midnight(at('2026-11-26T03:00:00Z'))).toBe(at('2026-11-26T00:00:00+05:30'));
  });

  it('finds the same time of earlier days, and the hour after where spring leaves it out', () => {
    expect(paris.daysBefore(at('2026-10-26T09:00:00+01:00'), 7)).toBe(at('2026-10-19T09:00:00+02:00'));
    expect(paris.daysBefore(at('2026-04-05T02:30:00+02:00'), 7)).toBe(at('2026-03-29T03:30:00+02:00'));
    expect(paris.daysBefore(at('2026-11-01T02:30:00+01:00'), 7)).toBe(at('2026-10-25T02:30:00+02:00'));
  });

  it('gives back what it shows, at each half hour of a year, but for the hour that comes twice', () => {
    for (const clock of [paris, new WallClock('America/St_Johns'), new WallClock('UTC')]) {
      let again = 0;
      for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += DAY / 48) {
        if (clock.momentOf(clock.shownAt(time)) !== time) again += 1;
      }
      expect(again).toBe(clock.zone === 'UTC' ? 0 : 2);
    }
  });
});
