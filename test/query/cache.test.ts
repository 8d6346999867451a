import { Rewriter } from '../../src/query/rewriter.js';
import { changedTree, head, OPTIONS, rewriterWith, searched, terms } from './small-tree.js';

const body = (query: unknown) => Buffer.from(JSON.stringify({ query }));

function cacheOf(by: Rewriter, query: unknown, target = '/articles/_search'): string {
  const outcome = by.rewrite(head('POST', target), body(query));
  return outcome.kind === 'rewritten' ? outcome.cache : outcome.kind;
}

describe('the cache of expansions', () => {
  it('knows a shorthand the second time', () => {
    const by = rewriterWith();
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('miss');
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('hit');
    expect(by.cache.stats()).toMatchObject({ hits: 1, misses: 1, evictions: 0, entries: 2, hitRatio: 0.5 });
  });

  it('knows a territory however it is written', () => {
    const by = rewriterWith();
    cacheOf(by, { term: { territory: 'DEP:69' } });
    expect(cacheOf(by, { territory: 'REG:84 - DEP:01' })).toBe('hit');
    expect(cacheOf(by, { terms: { territory: ['COM:69123', 'COM:69264', 'COM:69266'], boost: 2 } })).toBe('hit');
  });

  it('tells relations, indices and forms apart', () => {
    const by = rewriterWith();
    cacheOf(by, { term: { territory: 'DEP:69' } });
    expect(cacheOf(by, { term: { 'territory.intersects': 'DEP:69' } })).toBe('miss');
    expect(cacheOf(by, { term: { territory: 'DEP:69' } }, '/briefs/_search')).toBe('miss');
    expect(cacheOf(by, { term: { territory: 'DEP:69' } }, '/press/_search')).toBe('miss');
    expect(cacheOf(by, { query_string: { query: 'territory:DEP:69' } })).toBe('miss');
    expect(cacheOf(by, { query_string: { query: 'territory:DEP:69^2' } })).toBe('miss');
    expect(cacheOf(by, { term: { 'territory.exact': 'REG:11' } })).toBe('miss');
    expect(cacheOf(by, { term: { 'territory.exact': 'DEP:75' } })).toBe('miss');
    expect(cacheOf(by, { exists: { field: 'territory' } })).toBe('miss');
  });

  it('a request of which a part was known is "partial"', () => {
    const by = rewriterWith();
    cacheOf(by, { term: { territory: 'DEP:69' } });
    expect(
      cacheOf(by, { bool: { must: [{ term: { territory: 'DEP:69' } }, { term: { territory: 'DEP:01' } }] } }),
    ).toBe('partial');
  });

  it('stays within its bytes', () => {
    const by = rewriterWith({ cacheBytes: 4096 });
    for (const code of [
      'COM:01004',
      'COM:01033',
      'COM:69123',
      'COM:69266',
      'COM:69264',
      'COM:75056',
      'DEP:01',
      'DEP:69',
    ]) {
      cacheOf(by, { term: { territory: code } });
      expect(by.cache.stats().bytes).toBeLessThanOrEqual(4096);
    }
    expect(by.cache.stats().evictions).toBeGreaterThan(0);
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('hit');
    expect(cacheOf(by, { term: { territory: 'COM:01004' } })).toBe('miss');
  });

  it('may be switched off', () => {
    const by = rewriterWith({ cacheBytes: 0 });
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('miss');
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('miss');
    expect(by.cache.stats()).toMatchObject({ misses: 2, entries: 0, bytes: 0 });
  });

  it('can be emptied', () => {
    const by = rewriterWith();
    cacheOf(by, { term: { territory: 'DEP:69' } });
    by.cache.clear();
    expect(by.cache.stats()).toMatchObject({ entries: 0, bytes: 0, evictions: 0 });
    expect(cacheOf(by, { term: { territory: 'DEP:69' } })).toBe('miss');
  });

  it('is warm when the tree changes, and means the new map', () => {
    const before = rewriterWith();
    const epci = { term: { 'territory.intersects': 'EPCI:200046977' } };
    const gone = { term: { territory: 'COM:69266' } };
    const string = { query_string: { query: 'x territory:DEP:69' } };
    for (const query of [epci, gone, string]) cacheOf(before, query);
    const after = before.withTree(changedTree);
    expect(after.cache.stats()).toMatchObject({ hits: 0, misses: 3, evictions: 0 });
    expect(cacheOf(after, epci)).toBe('hit');
    expect(cacheOf(after, string)).toBe('hit');
    expect(() => cacheOf(after, gone)).toThrow(/unknown unit \[COM:69266\]/);
    expect(searched({ query: { term: { territory: 'COM:69999' } } }, '/articles/_search', after)).toEqual({
      query: terms('COM:69999'),
    });
    expect(cacheOf(before, gone)).toBe('hit');
  });

  it('keeps the order of use over a change of tree', () => {
    const before = new Rewriter(changedTree, { ...OPTIONS, cacheBytes: 2000 });
    for (const code of ['DEP:01', 'DEP:69', 'DEP:75']) cacheOf(before, { term: { territory: code } });
    const after = before.withTree(changedTree);
    cacheOf(after, { term: { territory: 'REG:84' } });
    expect(cacheOf(after, { term: { territory: 'DEP:75' } })).toBe('hit');
    expect(cacheOf(after, { term: { territory: 'DEP:01' } })).toBe('miss');
  });
});
