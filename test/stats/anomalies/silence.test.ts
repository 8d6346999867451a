import { detect } from '../../../src/stats/anomalies/detect.js';
import type { Finding } from '../../../src/stats/anomalies/finding.js';
import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';
import { SeriesTable } from '../../../src/stats/anomalies/series-table.js';

const HOUR = 3_600_000;
/** A Tuesday, 12:00 in Paris. */
const NOW = Date.UTC(2026, 10, 24, 11);
const WEEKS = 5 * 168;

/** Requests and looks at the memory by how many hours ago. */
function findings(requests: (ago: number) => number, running: (ago: number) => boolean): readonly Finding[] {
  const table = new SeriesTable(new LocalClock('Europe/Paris'), NOW);
  for (let ago = WEEKS; ago >= 1; ago--) {
    const time = NOW - ago * HOUR;
    const count = requests(ago);
    if (count > 0) table.addHour('requests', 'search', time, { count, sum: count });
    if (running(ago)) table.addHour('memory', '', time, { count: 12, sum: 12e8 });
  }
  const search = detect(table, []);
  let step = search.next();
  while (step.done !== true) step = search.next();
  return step.value.findings;
}

describe('silence', () => {
  it('is told, since the last request, where requests always came', () => {
    const [found] = findings(
      (ago) => (ago <= 4 ? 0 : 400),
      () => true,
    );
    expect(found).toMatchObject({ rule: 'silence', since: NOW - 4 * HOUR });
  });

  it('is none where no proxy ran that could have counted, or the history was lost', () => {
    expect(
      findings(
        (ago) => (ago <= 4 ? 0 : 400),
        (ago) => ago > 4,
      ),
    ).toEqual([]);
  });

  it('is none where little traffic is usual, nor when half of it stays away', () => {
    expect(
      findings(
        (ago) => (ago <= 4 ? 0 : 5),
        () => true,
      ),
    ).toEqual([]);
    expect(
      findings(
        (ago) => (ago <= 30 ? 150 : 400),
        () => true,
      ),
    ).toEqual([]);
  });

  it('is not told of a history of a few days', () => {
    expect(
      findings(
        (ago) => (ago <= 4 || ago > 13 * 24 ? 0 : 400),
        () => true,
      ),
    ).toEqual([]);
  });
});
