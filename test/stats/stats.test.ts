import { Stats } from '../../src/stats/stats.js';
import { refused, rewritten, tallyOf } from './records.js';

describe('Stats', () => {
  const cache = { hits: 3, misses: 1, evictions: 0, entries: 1, bytes: 200, hitRatio: 0.75 };
  const loadedAt = new Date('2026-01-05T09:00:00Z');
  let stats: Stats;

  beforeEach(() => {
    stats = new Stats({
      cache: () => cache,
      tree: () => ({ version: '0123456789abcdef', units: 5, loadedAt }),
      label: (code) => (code === 'DEP:69' ? 'Rhône' : undefined),
      suggest: (code) => (code === 'COM:234' ? ['COM:01234'] : []),
    });
    stats.add(tallyOf(rewritten({ hits: 0 }, [{ written: 'DEP:69', codes: ['DEP:69'] }])));
    stats.add(tallyOf(refused(['COM:234'])));
  });

  it('tells cache, tree and queries in the shape of the contract', () => {
    const snapshot = stats.snapshot(true);
    expect(snapshot.cache).toEqual(cache);
    expect(snapshot.tree).toEqual({ version: '0123456789abcdef', units: 5, loadedAt: '2026-01-05T09:00:00.000Z' });
    expect(Object.keys(snapshot.queries)).toEqual(['minute', 'hour', 'day']);
    expect(snapshot.queries.hour).toMatchObject({
      requests: 2,
      units: [{ code: 'DEP:69', label: 'Rhône', count: 1 }],
      unknownCodes: [{ code: 'COM:234', count: 1, suggestions: ['COM:01234'] }],
      withoutHits: [{ query: 'DEP:69', count: 1 }],
      clients: [{ address: '192.0.2.7', count: 2 }],
    });
  });

  it('keeps query texts and client addresses from whoever has no right to them', () => {
    const { minute } = stats.snapshot(false).queries;
    expect(minute).not.toHaveProperty('withoutHits');
    expect(minute).not.toHaveProperty('clients');
    expect(minute.hits).toEqual({ known: 1, none: 1 });
  });
});
