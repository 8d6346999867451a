import { detect } from '../../../src/stats/anomalies/detect.js';
import type { Finding } from '../../../src/stats/anomalies/finding.js';
import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';
import { SeriesTable } from '../../../src/stats/anomalies/series-table.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Tuesday, six in Paris: a quiet hour. */
const NOW = Date.UTC(2026, 10, 24, 5);
const WEEKS = 5 * 168;
const USUAL = { p50: 0.0002, p90: 0.0004 };

/** What is told after five weeks of 600 searches an hour, of which those of some minutes of the last hours were slow. */
function findings(slow: (minutesAgo: number) => number | undefined): readonly Finding[] {
  const table = new SeriesTable(new LocalClock('Europe/Paris'), NOW);
  for (let ago = WEEKS; ago > 48; ago--) {
    table.addHour('requests', 'search', NOW - ago * HOUR, { count: 600, sum: 600 });
    table.addHour('rewrite_seconds', '', NOW - ago * HOUR, { count: 600, sum: 0.12, ...USUAL });
  }
  for (let ago = 48 * 60; ago >= 1; ago--) {
    const p90 = slow(ago);
    table.setMinute('requests', 'search', NOW - ago * MINUTE, { count: 10, sum: 10 });
    table.setMinute('rewrite_seconds', '', NOW - ago * MINUTE, {
      ...{ count: 10, sum: 0.002 },
      ...(p90 === undefined ? USUAL : { p50: p90 / 2, p90 }),
    });
  }
  const search = detect(table, []);
  let step = search.next();
  while (step.done !== true) step = search.next();
  return step.value.findings;
}

describe('what is slow', () => {
  it('is not told where only the first searches after a start were, however slow, also across a minute', () => {
    expect(findings((ago) => (ago === 3 ? 2 : undefined))).toEqual([]);
    expect(findings((ago) => (ago === 3 || ago === 4 ? 2 : undefined))).toEqual([]);
  });

  it('is told where it lasted for some minutes', () => {
    expect(findings((ago) => (ago <= 10 ? 0.02 : undefined))).toMatchObject([{ rule: 'rewrite_seconds' }]);
    expect(findings((ago) => (ago % 20 === 0 && ago <= 120 ? 0.2 : undefined))).toMatchObject([
      { rule: 'rewrite_seconds' },
    ]);
  });

  it('is told, since its beginning, of an hour that was slow throughout', () => {
    expect(findings((ago) => (ago <= 60 ? 0.004 : undefined))).toMatchObject([
      { rule: 'rewrite_seconds', since: NOW - HOUR },
    ]);
  });
});
