import { RecentQueries } from '../../src/stats/recent-queries.js';
import { passed, rewritten } from './records.js';

const FIRST = Date.UTC(2026, 0, 5, 9, 12);

describe('the last queries', () => {
  const statuses = (queries: RecentQueries) => queries.last(100).map(({ status, time }) => [status, time - FIRST]);

  it('are held up to their number, the newest first, without those that passed', () => {
    const queries = new RecentQueries(2);
    for (let i = 0; i < 4; i++) queries.request(rewritten({ time: FIRST + 1000 * i, status: 200 + i }));
    queries.request(passed({ time: FIRST + 5000 }));
    expect(statuses(queries)).toEqual([
      [203, 3000],
      [202, 2000],
    ]);
    expect(queries.take().map(({ status }) => status)).toEqual([202, 203]);
    expect(queries.last(100)).toEqual([]);
  });

  it('are none where none are to be held', () => {
    const queries = new RecentQueries(0);
    queries.request(rewritten());
    expect(queries.last(100)).toEqual([]);
  });
});
