import { Groups } from '../../src/stats/groups.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { smallTree } from '../integration/support/small-tree.js';

describe('Groups', () => {
  /** Three hundred towns in two departments: too many to be groups themselves. */
  const country = (without = '') =>
    TerritoryTree.build(
      [
        { code: 'CNTRY:F', label: 'France' },
        { code: 'REG:84', label: 'Auvergne-Rhône-Alpes', parents: ['CNTRY:F'] },
        { code: 'DEP:69', label: 'Rhône', parents: ['REG:84'] },
        { code: 'DEP:01', label: 'Ain', parents: ['REG:84'] },
        ...Array.from({ length: 300 }, (_, i) => ({
          code: `COM:${i}`,
          label: `Town ${i}`,
          parents: [i < 150 ? 'DEP:69' : 'DEP:01', ...(i % 150 < 2 ? ['EPCI:both'] : i === 7 ? ['EPCI:one'] : [])],
          former_codes: i === 9 ? ['COM:old'] : [],
        })).filter(({ code }) => code !== without),
        { code: 'EPCI:both', label: 'Both' },
        { code: 'EPCI:one', label: 'One' },
      ],
      {
        partitions: [
          { name: 'administrative', levels: ['COM', 'DEP', 'REG', 'CNTRY'] },
          { name: 'intercommunal', levels: ['EPCI'] },
        ],
      },
    );

  it('puts a code into the unit around it of the lowest level with few enough units', () => {
    const tree = country();
    const groups = new Groups(() => tree);
    const groupOf = (code: string) => groups.of(code).group;
    expect(['COM:9', 'COM:200', 'DEP:69', 'REG:84', 'CNTRY:F'].map(groupOf)).toEqual([
      'DEP:69',
      'DEP:01',
      'DEP:69',
      'REG:84',
      // The only region has the atoms of the country.
      'REG:84',
    ]);
    expect(['EPCI:one', 'EPCI:both'].map(groupOf)).toEqual(['DEP:69', 'REG:84']);
  });

  it('tells former codes from those of today, and gives them the group of what took over', () => {
    const tree = country();
    const groups = new Groups(() => tree);
    expect(groups.of('COM:old')).toEqual({ group: 'DEP:69', state: 'former' });
    expect(groups.of('COM:9')).toEqual({ group: 'DEP:69', state: 'current' });
    expect(groups.of('COM:nowhere')).toEqual({ group: undefined, state: 'unknown' });
  });

  it('gives a code that is gone the group that it had on an earlier tree', () => {
    let tree = country();
    const groups = new Groups(() => tree);
    expect(groups.of('COM:9').state).toBe('current');
    tree = country('COM:9');
    expect(groups.of('COM:9')).toEqual({ group: 'DEP:69', state: 'unknown' });
    tree = country();
    expect(groups.of('COM:9').state).toBe('current');
    // A tree that nobody asked of is known all the same, when it was noticed.
    tree = smallTree();
    groups.refresh();
    tree = country('COM:9');
    expect(groups.of('COM:01234')).toEqual({ group: 'COM:01234', state: 'unknown' });
  });
});
