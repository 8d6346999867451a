import {
  TerritoryTree,
  TerritoryUnsupportedError,
  type UnitInput,
  UnknownUnitError,
} from '../../src/territory/index.js';

const tree = TerritoryTree.build([
  { code: 'D:1', label: 'Rhône' },
  { code: 'C:10', label: 'Lyon', parents: ['D:1'], former_codes: ['C:1', 'C:100'] },
  { code: 'C:2', label: 'Bron', parents: ['D:1'], former_codes: ['C:7'] },
  { code: 'C:3', label: 'Ain', former_codes: ['C:7'] },
]);

function unknownOf(action: () => unknown): UnknownUnitError {
  try {
    action();
  } catch (error) {
    if (error instanceof UnknownUnitError) return error;
    throw error;
  }
  throw new Error('all units are known');
}

describe('codes that the tree does not know', () => {
  it('are all named in one error, each once, with what may have been meant', () => {
    const { units, suggestions, message } = unknownOf(() => tree.territory('C:02', 'C:10', 'X:9', 'C:02', ''));
    expect(units).toEqual(['C:02', 'X:9', '']);
    expect(Object.keys(suggestions)).toEqual(['C:02', 'X:9', '']);
    expect(suggestions['C:02']).toContain('C:2');
    expect(message).toMatch(/^unknown units \[C:02\] \(did you mean .*C:2.*\?\), \[X:9\].*, \[\]$/);
  });

  it('are named by an expression as well', () => {
    expect(unknownOf(() => tree.parse('C:02 - (D:1 & @mine)')).units).toEqual(['C:02', '@mine']);
    expect(unknownOf(() => tree.parse('X:9')).message).toMatch(/^unknown unit \[X:9\]/);
  });

  it('are `undefined` where one is asked for', () => {
    for (const code of ['X:9', '', 'C:1\0', 'toString', '__proto__']) {
      expect(tree.unit(code)).toBeUndefined();
      expect(tree.resolve(code)).toBeUndefined();
      expect(tree.indexOf(code)).toBe(-1);
      expect(tree.territory('D:1').has(code)).toBe(false);
      expect(unknownOf(() => tree.territory(code)).units).toEqual([code]);
    }
  });
});

describe('a territory', () => {
  it('says which of its codes are former ones, and what they became', () => {
    expect(tree.territory('C:7').codes).toEqual(['C:2', 'C:3']);
    expect(tree.territory('C:7', 'C:1', 'D:1').resolved).toEqual({ 'C:7': ['C:2', 'C:3'], 'C:1': ['C:10'] });
    expect(tree.parse('C:7 - C:2').resolved).toEqual({ 'C:7': ['C:2', 'C:3'] });
    expect(tree.territory('D:1').resolved).toEqual({});
  });

  it('does not change with the list that it was made of', () => {
    const codes = ['C:2', 'C:3'];
    const territory = tree.territoryOf(codes);
    codes.push('D:1');
    expect(territory.written).toEqual(['C:2', 'C:3']);
    expect(territory.toQuery({ units: 'u', relation: 'exact' })).toEqual(
      tree.territory('C:2', 'C:3').toQuery({ units: 'u', relation: 'exact' }),
    );
  });

  it('lists codes by their bytes, a beginning before what it begins, former ones among the others', () => {
    expect(tree.territory('D:1').toQuery({ units: 'u' })).toEqual({
      bool: {
        should: [{ terms: { u: ['C:1', 'C:10', 'C:100', 'C:2', 'D:1'] } }],
        minimum_should_match: 1,
      },
    });
    expect([...tree.formerCodes()].map(([former]) => former)).toEqual(['C:1', 'C:100', 'C:7']);
  });
});

describe('the facts of units', () => {
  it('come back to the letter', () => {
    const labels = ['\ufeffMark', 'Zo\u0000é', 'L’Haÿ-les-Roses', '東京 🗼', ' spaces ', '\ud83d\ude00'.repeat(5000)];
    const units: UnitInput[] = labels.map((label, i) => ({ code: `A:${i}`, label }));
    const own = TerritoryTree.build(units);
    expect(labels.map((_, i) => own.unit(`A:${i}`)?.label)).toEqual(labels);
  });

  it('are summed up above the atoms only, whatever the numbers', () => {
    const own = TerritoryTree.build([
      { code: 'A:1', inhabitants: 0.1, parents: ['B:1'] },
      { code: 'A:2', inhabitants: 0.2, parents: ['B:1'] },
      { code: 'A:3', inhabitants: 9e15, parents: ['B:1'] },
      { code: 'A:4', inhabitants: 3, parents: ['B:2'] },
      { code: 'A:5', parents: ['B:2'] },
      { code: 'A:6', parents: ['B:3'] },
      { code: 'B:1', inhabitants: 7 },
      { code: 'B:2' },
      { code: 'B:3', inhabitants: 7 },
    ]);
    const people = [...own.units()].map(({ inhabitants }) => inhabitants);
    expect(people).toEqual([0.1, 0.2, 9e15, 3, undefined, undefined, 9e15, 3, undefined]);
  });
});

describe('a tree', () => {
  it('restricts a search to a level that there is', () => {
    expect(tree.search('lyon', { level: 'C' }).map(({ code }) => code)).toEqual(['C:10']);
    expect(tree.search('lyon', { level: 'D' })).toEqual([]);
    expect(() => tree.search('lyon', { level: 'E' })).toThrow(TerritoryUnsupportedError);
  });

  it('of a subclass is of that class, however it is made', async () => {
    class Own extends TerritoryTree {}
    const stream = async function* () {
      yield { code: 'A:1' };
    };
    const built = Own.build([{ code: 'A:1' }]);
    expect(
      [built, await Own.build(stream()), Own.fromBuffer(built.toBuffer())].every((one) => one instanceof Own),
    ).toBe(true);
  });
});
