import type { ReplacedPlace, RequestRecord } from '../../src/stats/record.js';
import { Tally } from '../../src/stats/tally.js';

/** A record of a search that was rewritten, with what a test wants different. */
export function rewritten(
  changes: Partial<RequestRecord> = {},
  replaced: Partial<ReplacedPlace>[] = [{}],
): RequestRecord {
  return {
    ...passed(),
    outcome: 'rewritten',
    path: '/articles/_search',
    outcomeDetail: {
      places: replaced.length,
      cache: 'miss',
      indices: 'articles',
      replaced: replaced.map((place) => ({
        place: 'query.term',
        written: 'COM:69123',
        codes: ['COM:69123'],
        relation: 'within',
        terms: 1,
        cache: 'miss',
        ...place,
      })),
    },
    rewriteMicros: 42,
    took: 3,
    hits: 7,
    ...changes,
  };
}

export function passed(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    time: Date.UTC(2026, 0, 5, 9, 12),
    method: 'POST',
    path: '/_bulk',
    endpoint: 'search',
    outcome: 'passed',
    status: 200,
    upstreamStatus: 200,
    upstreamMicros: 1500,
    totalMicros: 2000,
    client: '192.0.2.7',
    treeVersion: '0123456789abcdef',
    bytesIn: 120,
    bytesOut: 3000,
    ...changes,
  };
}

export function refused(units: string[]): RequestRecord {
  return passed({
    outcome: 'refused',
    status: 400,
    error: { type: 'unknown_unit_exception', reason: `unknown units ${units.join(', ')}`, units },
  });
}

/** What these records come to. */
export function tallyOf(...records: RequestRecord[]): Tally {
  const tally = new Tally();
  for (const record of records) tally.record(record);
  return tally;
}
