import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';
import { HOURS, SeriesTable } from '../../../src/stats/anomalies/series-table.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 8);

describe('the table of series', () => {
  it('forgets the keys of which nothing came for all of its weeks, as of an index of one day', () => {
    const table = new SeriesTable(new LocalClock('UTC'), NOW);
    for (let day = 0; day < 200; day++) {
      const time = NOW + day * 24 * HOUR;
      table.advance(time);
      table.setMinute('tag_faults', `news-${day}:unknown`, time, { count: 1, sum: 5 });
      table.setMinute('requests', 'search', time, { count: 1, sum: 1 });
    }
    expect(table.keys('tag_faults')).toEqual(
      Array.from({ length: HOURS / 24 }, (_, i) => `news-${200 - HOURS / 24 + i}:unknown`),
    );
    expect(table.keys('requests')).toEqual(['search']);
    expect(table.totals('tag_faults', 'sum').at(-1)).toBe((5 * HOURS) / 24);
  });
});
