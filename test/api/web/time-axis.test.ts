import { timeLabels } from '../../../src/api/web/time-axis.js';
import { WallClock } from '../../../src/api/web/wall-clock.js';

const clock = new WallClock('Europe/Paris');
const at = (text: string) => Date.parse(text);
const shown = (labels: readonly number[]) =>
  labels.map((time) => new Date(clock.shownAt(time)).toISOString().slice(5, 16));

describe('the labels of a time axis', () => {
  it('stand at hours of the clock on the wall, as many as there is room for', () => {
    const [from, to] = [at('2026-11-25T00:00:00+01:00'), at('2026-11-26T02:40:00+01:00')];
    expect(shown(timeLabels(clock, from, to, 3))).toEqual(['11-25T00:00', '11-25T12:00', '11-26T00:00']);
    expect(shown(timeLabels(clock, from, to, 4))).toHaveLength(5);
    expect(shown(timeLabels(clock, from, to, 0))).toEqual(['11-25T00:00', '11-26T00:00']);
  });

  it('stand at midnights over weeks, also where the clocks change', () => {
    const labels = shown(timeLabels(clock, at('2026-10-19T00:00:00+02:00'), at('2026-10-27T10:00:00+01:00'), 5));
    expect(labels).toEqual(['10-19T00:00', '10-21T00:00', '10-23T00:00', '10-25T00:00', '10-27T00:00']);
  });

  it('begin within the axis', () => {
    const labels = timeLabels(clock, at('2026-10-19T02:00:00+02:00'), at('2026-11-16T02:00:00+01:00'), 4);
    expect(shown(labels)[0]).toBe('10-20T00:00');
  });
});
