import { RecentQueries } from '../../src/stats/recent-queries.js';
import { passed, refused, rewritten } from './records.js';

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

  it('are of a flood the first of each second, so that what was refused is not driven out', () => {
    const queries = new RecentQueries(5);
    for (let i = 0; i < 3; i++) queries.request(rewritten({ time: FIRST + i, status: 200 + i }));
    queries.request({ ...refused(['COM:234']), time: FIRST + 10 });
    for (let i = 0; i < 1000; i++) queries.request(rewritten({ time: FIRST + 20, status: 299 }));
    expect(statuses(queries)).toEqual([
      [299, 20],
      [299, 20],
      [400, 10],
      [202, 2],
      [201, 1],
    ]);
    // Also where the clock is set back.
    queries.request(rewritten({ time: FIRST - 5000, status: 201 }));
    expect(queries.last(100).map(({ time }) => time - FIRST)).toContain(-5000);
  });

  it('are none where none are to be held', () => {
    const queries = new RecentQueries(0);
    queries.request(rewritten());
    expect(queries.last(100)).toEqual([]);
  });
});
