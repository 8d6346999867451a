import { type DiffSource, diffTrees } from '../../src/territory/diff.js';
import { diffText } from '../../src/territory/diff-text.js';
import { TerritoryTree, type UnitInput } from '../../src/territory/index.js';

const partitions = [
  { name: 'administrative', levels: ['C', 'D', 'R'] },
  { name: 'groups', levels: ['G'] },
];

function tree(...units: UnitInput[]): TerritoryTree {
  return TerritoryTree.build([{ code: 'R:1', label: 'All' }, ...units], { partitions });
}

const north: UnitInput = { code: 'D:1', label: 'North', parents: ['R:1'] };
const south: UnitInput = { code: 'D:2', label: 'South', parents: ['R:1'] };
const commune = (id: string, parents: string[], former_codes: string[] = []): UnitInput => ({
  code: `C:${id}`,
  label: `Commune ${id}`,
  parents,
  former_codes,
});

describe('a diff', () => {
  it('of a tree with itself is empty', () => {
    const one = tree(north, commune('a', ['D:1']));
    const diff = diffTrees(one, one);
    expect(diff).toMatchObject({ created: [], removed: [], renamed: [], moved: [], merged: [], split: [], levels: {} });
    expect(diff.atoms).toEqual({ created: 0, removed: 0, moved: 0, total: 0 });
    expect(diffText(diff)).toContain('no unit differs');
  });

  it('knows created, renamed and moved units', () => {
    const before = tree(north, south, { code: 'G:1' }, commune('a', ['D:1', 'G:1']), commune('b', ['D:2']));
    const after = tree(
      { ...north, label: 'Far North' },
      south,
      { code: 'G:1' },
      { code: 'G:2' },
      commune('a', ['D:2', 'G:1']),
      commune('b', ['D:2', 'G:2']),
      commune('c', ['D:1']),
    );
    expect(diffTrees(before, after)).toMatchObject({
      created: [
        { code: 'C:c', label: 'Commune c', from: [] },
        { code: 'G:2', from: [] },
      ],
      removed: [],
      renamed: [{ code: 'D:1', from: 'North', to: 'Far North' }],
      moved: [
        { code: 'C:a', label: 'Commune a', left: ['D:1'], joined: ['D:2'] },
        { code: 'C:b', label: 'Commune b', left: [], joined: ['G:2'] },
      ],
      merged: [],
      split: [],
      levels: {
        C: { created: 1, removed: 0, renamed: 0, moved: 2, merged: 0, split: 0 },
        D: { created: 0, removed: 0, renamed: 1, moved: 0, merged: 0, split: 0 },
        G: { created: 1, removed: 0, renamed: 0, moved: 0, merged: 0, split: 0 },
      },
    });
  });

  it('knows what merged into what', () => {
    const before = tree(north, commune('a', ['D:1']), commune('b', ['D:1']), commune('c', ['D:1']));
    const after = tree(north, commune('a', ['D:1'], ['C:b', 'C:c']));
    const diff = diffTrees(before, after);
    expect(diff.removed.map(({ code, into }) => [code, into])).toEqual([
      ['C:b', ['C:a']],
      ['C:c', ['C:a']],
    ]);
    expect(diff.merged).toEqual([{ code: 'C:a', label: 'Commune a', codes: ['C:b', 'C:c'] }]);
    expect(diff.split).toEqual([]);
  });

  it('knows a unit that was split among several', () => {
    const before = tree(north, commune('a', ['D:1']), commune('b', ['D:1']));
    const after = tree(north, commune('c', ['D:1'], ['C:a']), commune('b', ['D:1'], ['C:a']));
    const diff = diffTrees(before, after);
    expect(diff.split).toEqual([{ code: 'C:a', label: 'Commune a', into: ['C:b', 'C:c'] }]);
    expect(diff.merged.map(({ code }) => code)).toEqual(['C:b', 'C:c']);
  });

  it('knows a unit that was split because a former code came back', () => {
    const before = tree(north, commune('a', ['D:1'], ['C:b']));
    const after = tree(north, commune('a', ['D:1']), commune('b', ['D:1']));
    const diff = diffTrees(before, after);
    expect(diff.created).toEqual([{ code: 'C:b', label: 'Commune b', from: ['C:a'] }]);
    expect(diff.split).toEqual([{ code: 'C:a', label: 'Commune a', into: ['C:a', 'C:b'] }]);
  });

  it('takes two units that exchange their codes for a replacement, not a split', () => {
    const before = tree(north, commune('a', ['D:1'], ['C:b']));
    const after = tree(north, commune('b', ['D:1'], ['C:a']));
    const diff = diffTrees(before, after);
    expect(diff.created).toMatchObject([{ code: 'C:b', from: ['C:a'] }]);
    expect(diff.removed).toMatchObject([{ code: 'C:a', into: ['C:b'] }]);
    expect(diff.split).toEqual([]);
  });

  it('counts the atoms that have other units around them, however far above the change is', () => {
    const before = tree(north, south, commune('a', ['D:1']), commune('b', ['D:1']), commune('c', ['D:2']));
    const far = { code: 'R:2', label: 'Other' };
    const after = tree(far, { ...north, parents: ['R:2'] }, south, commune('a', ['D:1']), commune('b', ['D:1']));
    expect(diffTrees(before, after).atoms).toEqual({ created: 0, removed: 1, moved: 3, total: 4 });
  });

  it('counts an atom that got children', () => {
    const levels = [{ name: 'administrative', levels: ['X', 'C', 'R'] }];
    const units: UnitInput[] = [{ code: 'R:1' }, { code: 'C:a', parents: ['R:1'] }];
    const before = TerritoryTree.build(units, { partitions: levels });
    const after = TerritoryTree.build([...units, { code: 'X:1', parents: ['C:a'] }], { partitions: levels });
    expect(diffTrees(before, after).atoms).toEqual({ created: 1, removed: 0, moved: 1, total: 2 });
  });

  it('lists levels of both trees', () => {
    const source = (level: string): DiffSource => {
      const code = `${level}:1`;
      const unit = { code, level, label: '', parents: [], inhabitants: undefined, postal_codes: [], former_codes: [] };
      return {
        version: level,
        unitCount: 1,
        atomCount: 1,
        levels: [level],
        units: () => [unit],
        resolve: () => undefined,
      };
    };
    expect(Object.keys(diffTrees(source('A'), source('B')).levels)).toEqual(['A', 'B']);
  });
});

describe('the text of a diff', () => {
  it('has a table by level and a line for each change', () => {
    const before = tree(north, south, commune('a', ['D:1'], ['C:d']), commune('b', ['D:1']), commune('c', ['D:2']));
    const after = tree(
      { ...north, label: 'Far North' },
      south,
      commune('a', ['D:1'], ['C:b']),
      commune('c', ['D:1']),
      commune('d', ['D:2']),
    );
    expect(diffText(diffTrees(before, after))).toBe(
      `from ${before.version}  6 units, 3 atoms
to   ${after.version}  6 units, 3 atoms

level  created  removed  renamed  moved  merged  split
C            1        1        0      1       1      1
D            0        0        1      0       0      0

3 atoms affected: 1 created, 1 removed, 1 with other units around them

created (1)
  C:d  Commune d  from C:a

removed (1)
  C:b  Commune b  into C:a

renamed (1)
  D:1  North  → Far North

moved (1)
  C:c  Commune c  - D:2 + D:1

merged (1)
  C:a  Commune a  ← C:b

split (1)
  C:a  Commune a  → C:a, C:d
`,
    );
  });
});
