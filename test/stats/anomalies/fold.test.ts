import type { Finding } from '../../../src/stats/anomalies/finding.js';
import { fold } from '../../../src/stats/anomalies/fold.js';
import { finding, NOW } from './finding.js';

const HOUR = 3_600_000;

/** What comes of findings that have no cause in common, in order. */
const order = (...findings: Finding[]) => fold(findings, []).map(({ findings: [main], over }) => [main?.id, over]);

describe('what was found', () => {
  const lasting = finding({ id: 'lasting', since: NOW - HOUR, affected: 0.01 });
  const lastingGrave = finding({ id: 'lasting, grave', since: NOW - 3 * HOUR, affected: 0.2 });
  const over = finding({ id: 'over', since: NOW - 30 * HOUR, until: NOW - 29 * HOUR, affected: 0.01 });
  const overGrave = finding({ id: 'over, grave', since: NOW - 20 * HOUR, until: NOW - 19 * HOUR, affected: 0.9 });

  it('has what lasts before what is over, however grave that was, and within each the gravest first', () => {
    expect(order(overGrave, over, lasting, lastingGrave)).toEqual([
      ['lasting, grave', false],
      ['lasting', false],
      ['over, grave', true],
      ['over', true],
    ]);
  });

  it('lasts while any of what began together lasts', () => {
    const half = finding({ id: 'half', rule: 'unknown', since: NOW - HOUR, until: NOW - HOUR / 2, affected: 0.3 });
    expect(order(half, overGrave, { ...lasting, affected: 0.001 })).toEqual([
      ['half', false],
      ['over, grave', true],
    ]);
  });
});
