import { type SuggestSource, suggestCodes, suggestForAll } from '../../src/territory/suggest.js';

/** A map of these codes; counts how often it is asked. */
function map(codes: readonly string[], former: Record<string, string[]> = {}): SuggestSource & { asked: number } {
  const known = new Set(codes);
  const source = {
    asked: 0,
    levels: ['COM', 'DEP', 'REG'],
    indexOf: (code: string) => {
      source.asked++;
      return known.has(code) ? 0 : -1;
    },
    resolve: (code: string) => (known.has(code) ? [code] : former[code]),
  };
  return source;
}

describe('suggestions for one code', () => {
  it('are codes whose leading digits were lost, in code order', () => {
    const source = map(['COM:12234', 'COM:02234', 'COM:01234', 'COM:2A234', 'COM:01235']);
    expect(suggestCodes('COM:234', source)).toEqual(['COM:01234', 'COM:02234', 'COM:12234']);
    expect(suggestCodes('REG:1', map(['REG:01', 'REG:11', 'REG:001', 'REG:10']))).toEqual([
      'REG:001',
      'REG:01',
      'REG:11',
      'REG:10',
    ]);
  });

  it('are at most five', () => {
    const codes = Array.from({ length: 99 }, (_, i) => `COM:${String(i).padStart(2, '0')}234`);
    expect(suggestCodes('COM:234', map(codes))).toEqual([
      'COM:00234',
      'COM:01234',
      'COM:02234',
      'COM:03234',
      'COM:04234',
    ]);
  });

  it('begin with the successors of a former code', () => {
    const source = map(['COM:69123', 'COM:69231', 'COM:01002'], { 'COM:69232': ['COM:69123', 'COM:01002'] });
    expect(suggestCodes('COM:69232', source)).toEqual(['COM:01002', 'COM:69123', 'COM:69231']);
  });

  it('come from other levels before slips', () => {
    const source = map(['REG:69', 'DEP:69', 'COM:68']);
    expect(suggestCodes('COM:69', source)).toEqual(['DEP:69', 'REG:69', 'COM:68']);
    expect(suggestCodes('COMMUNE:69', source)).toEqual(['DEP:69', 'REG:69']);
  });

  it('know each slip: a character more, less, other, or two exchanged', () => {
    expect(suggestCodes('COM:691233', map(['COM:69123']))).toEqual(['COM:69123']);
    expect(suggestCodes('COM:6913', map(['COM:69123']))).toEqual(['COM:69123']);
    expect(suggestCodes('COM:69124', map(['COM:69123']))).toEqual(['COM:69123']);
    expect(suggestCodes('COM:69132', map(['COM:69123']))).toEqual(['COM:69123']);
    expect(suggestCodes('DEP:2a', map(['DEP:2A', 'DEP:1A']))).toEqual(['DEP:2A']);
    expect(suggestCodes('DEP:fr_69', map(['DEP:fr-69']))).toEqual(['DEP:fr-69']);
  });

  it('are none where nothing is near', () => {
    expect(suggestCodes('COM:99999', map(['COM:01001']))).toEqual([]);
    expect(suggestCodes('', map(['COM:01001']))).toEqual([]);
    expect(suggestCodes('COM', map(['COM:01001']))).toEqual([]);
  });

  it('never hold the code itself', () => {
    expect(suggestCodes('COM:69123', map(['COM:69123', 'COM:69124']))).toEqual(['COM:69124']);
  });
});

describe('the cost of suggestions', () => {
  it('is bounded for one code, however long', () => {
    for (const length of [1, 5, 32, 33, 100_000]) {
      const source = map(['COM:01001']);
      suggestCodes(`COM:a_${'9'.repeat(length)}`, source);
      suggestCodes(`COM:${'9'.repeat(length)}`, source);
      expect(source.asked).toBeLessThan(10_000);
    }
  });

  it('is bounded for a hundred thousand codes together, of which the first get theirs', () => {
    const source = map(['COM:01234']);
    const codes = Array.from({ length: 100_000 }, (_, i) => `COM:X${i}`);
    const suggestions = suggestForAll(['COM:234', ...codes], source);
    expect(suggestions['COM:234']).toEqual(['COM:01234']);
    expect(Object.keys(suggestions)).toHaveLength(100_001);
    expect(source.asked).toBeLessThan(310_000);
  });
});
