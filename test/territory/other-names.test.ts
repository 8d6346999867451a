import { TerritoryTree } from '../../src/territory/tree.js';

const units = [
  { code: 'E:1', label: 'Métropole de Lyon', inhabitants: 5 },
  { code: 'E:2', label: 'Grand Lyonnais', inhabitants: 9 },
  { code: 'E:3', label: 'Grand Lyon Sud', inhabitants: 1 },
];
const codes = (tree: TerritoryTree, text: string) => tree.search(text).map(({ code }) => code);

describe('what else units are called', () => {
  const tree = TerritoryTree.build(units, { names: [['Grand Lyon', 'E:1']] });

  it('is found by the search, like the name itself', () => {
    expect(codes(tree, 'grand-lyon')).toEqual(['E:1', 'E:2', 'E:3']);
    expect(codes(tree, 'Grand Ly')).toEqual(['E:2', 'E:1', 'E:3']);
    expect(codes(TerritoryTree.build(units), 'grand lyon')).toEqual(['E:2', 'E:3']);
  });

  it('stays in the snapshot, is part of the version, and changes no unit', () => {
    const again = TerritoryTree.fromBuffer(tree.toBuffer());
    expect(codes(again, 'Grand Lyon')[0]).toBe('E:1');
    expect(again.unit('E:1')?.label).toBe('Métropole de Lyon');
    expect(again.version).not.toBe(TerritoryTree.build(units).version);
  });

  it('is left out where the unit is not there, or is a former code', () => {
    const gone = TerritoryTree.build([{ code: 'E:1', former_codes: ['E:9'] }], {
      names: [
        ['Nowhere', 'E:404'],
        ['Before', 'E:9'],
        ['Élan', 'É:1'],
      ],
    });
    expect(codes(gone, 'Nowhere')).toEqual([]);
    expect(codes(gone, 'Before')).toEqual([]);
    expect(gone.version).toBe(TerritoryTree.build([{ code: 'E:1', former_codes: ['E:9'] }]).version);
  });
});
