import { Counting } from '../../src/stats/counting.js';
import type { CodePlaces } from '../../src/stats/groups.js';
import { Tally } from '../../src/stats/tally.js';
import { passed, refused, rewritten } from './records.js';

const places: CodePlaces & { refresh(): void } = {
  refresh: () => undefined,
  of: (code) =>
    code === 'COM:9'
      ? { group: undefined, state: 'unknown' }
      : { group: `DEP:${code.at(-1)}`, state: code === 'COM:old1' ? 'former' : 'current' },
};

function busy(): Tally {
  const tally = new Tally();
  tally.record(passed({ endpoint: 'bulk', upstreamMicros: 7000 }), places);
  tally.record(
    rewritten({ hits: 0 }, [
      { codes: ['COM:1', 'COM:11', 'COM:2'], cache: 'hit' },
      { codes: ['COM:old1'], terms: 40 },
    ]),
    places,
  );
  tally.record(rewritten({ hits: 12 }, [{ codes: ['COM:1'] }]), places);
  tally.record(rewritten({ hits: undefined, took: undefined }, [{ codes: ['COM:3'] }]), places);
  tally.record(refused(['COM:9', 'COM:4']), places);
  tally.look(3, 1_000_000, 250);
  return tally;
}

describe('Tally', () => {
  it('counts a search once for each group that it names, and hits only where they are known', () => {
    const tally = busy();
    expect(Object.fromEntries(tally.searches)).toEqual({ 'DEP:1': 2, 'DEP:2': 1 });
    expect(Object.fromEntries(tally.noHits)).toEqual({ 'DEP:1': 1, 'DEP:2': 1 });
    expect([tally.hitsKnown, tally.hitsNone, tally.hits]).toEqual([2, 1, 12]);
    expect(Object.fromEntries(tally.formerCodes)).toEqual({ 'COM:old1': 1 });
    expect(Object.fromEntries(tally.unknownCodes)).toEqual({ 'COM:9': 1, 'COM:4': 1 });
    expect([tally.cacheHits, tally.cacheMisses]).toEqual([1, 3]);
  });

  it('counts each search of an `_msearch` by itself, with the groups and hits of its own', () => {
    const tally = new Tally();
    const searches = [{ took: 4, hits: 0 }, {}, { took: 6, hits: 3 }];
    const record = rewritten({ endpoint: 'msearch', took: 10, hits: undefined, searches }, [
      { search: 0, codes: ['COM:1'], written: 'COM:1' },
      { search: 0, codes: ['COM:2'], written: 'COM:2' },
      { search: 1, codes: ['COM:3'] },
      { search: 2, codes: ['COM:1'] },
      // Beyond what was looked at of the answer.
      { search: 3, codes: ['COM:4'] },
    ]);
    tally.record(record, places);
    expect(Object.fromEntries(tally.searches)).toEqual({ 'DEP:1': 2, 'DEP:2': 1 });
    expect(Object.fromEntries(tally.noHits)).toEqual({ 'DEP:1': 1, 'DEP:2': 1 });
    expect([tally.hitsKnown, tally.hitsNone, tally.hits]).toEqual([2, 1, 3]);
    expect(Object.fromEntries(tally.withoutHits)).toEqual({ 'COM:1 COM:2': 1 });
    expect([tally.took.count, tally.took.sum]).toEqual([2, 10]);
    expect(tally.summary()).toMatchObject({ requests: 1, rewritten: 1 });
  });

  it('counts codes that were left out, and what was refused of an `_msearch`', () => {
    const tally = new Tally();
    tally.record(rewritten({ outcomeDetail: { ...rewritten().outcomeDetail!, dropped: ['COM:9', 'COM:4'] } }), places);
    const refusedSearches = [
      { type: 'unknown_unit_exception', reason: 'unknown', units: ['COM:4'] },
      { type: 'territory_syntax_exception', reason: 'syntax' },
    ];
    tally.record(rewritten({ endpoint: 'msearch', refusedSearches }), places);
    expect(Object.fromEntries(tally.unknownCodes)).toEqual({ 'COM:9': 1, 'COM:4': 2 });
    expect(Object.fromEntries(tally.errors)).toEqual({ unknown_unit_exception: 1, territory_syntax_exception: 1 });
  });

  it('comes out of another process as it went in, and adds up there', () => {
    const tally = busy();
    const message = JSON.parse(JSON.stringify(tally.toMessage()));
    const there = Tally.fromMessage(message);
    // The largest value is known to one hundredth, as any other is.
    const upstreamMicros = expect.objectContaining({ count: 5, p50: 1503 });
    expect(there.summary()).toEqual({ ...tally.summary(), upstreamMicros });
    expect(there.toMessage()).toEqual(tally.toMessage());
    there.add(tally);
    expect(there.summary()).toMatchObject({ requests: 10, rewritten: 6, refused: 2, hits: { known: 4, none: 2 } });
    expect(there.saturation).toEqual({ looks: 2, inFlight: 6, memory: 2_000_000 });
    expect(there.upstream.buckets.sum).toBe(2 * tally.upstream.buckets.sum);
    expect(there.terms.summary()).toMatchObject({ count: 8, max: 40 });
  });

  it('is an empty message of a few hundred bytes where nothing was counted', () => {
    expect(JSON.stringify(new Tally().toMessage()).length).toBeLessThan(600);
  });
});

describe('Counting', () => {
  it('hands each request on once to all who want it, and nothing where there is nothing', () => {
    const sums = [new Tally(), new Tally()];
    let handed = 0;
    const counting = new Counting([...sums, { add: () => void handed++ }], places);
    counting.flush();
    counting.request(passed());
    counting.request(rewritten());
    counting.flush();
    counting.flush();
    counting.request(passed());
    counting.flush();
    expect(handed).toBe(2);
    for (const sum of sums) expect(sum.summary()).toMatchObject({ requests: 3, rewritten: 1 });
  });
});
