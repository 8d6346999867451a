import type { Finding } from '../../../src/stats/anomalies/finding.js';

/** A Tuesday, 09:30 in Paris. */
export const NOW = Date.UTC(2026, 10, 24, 8, 30);

/** Searches without hits in the Rhône, an hour long, but for what is given. */
export function finding(given: Partial<Finding>): Finding {
  return {
    id: 'no_hits:DEP:69',
    rule: 'no_hits',
    series: 'no_hits',
    key: 'DEP:69',
    since: NOW - 3_600_000,
    within: 0,
    wellUntil: NOW - 7_200_000,
    figures: { now: 12, usual: [2, 5], unit: '%' },
    affected: 0.01,
    evidence: 50,
    against: 'weeks',
    ...given,
  };
}
