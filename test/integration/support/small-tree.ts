import { TerritoryTree } from '../../../src/files/tree.js';

/** A country of two regions; `towns` lie in DEP:69. */
export function smallTree(towns: readonly string[] = ['COM:69123', 'COM:69266']): TerritoryTree {
  return TerritoryTree.build(
    [
      { code: 'CNTRY:F', label: 'France' },
      { code: 'REG:84', label: 'Auvergne-Rhône-Alpes', parents: ['CNTRY:F'] },
      { code: 'REG:11', label: 'Île-de-France', parents: ['CNTRY:F'] },
      { code: 'DEP:69', label: 'Rhône', parents: ['REG:84'] },
      { code: 'DEP:01', label: 'Ain', parents: ['REG:84'] },
      { code: 'DEP:75', label: 'Paris', parents: ['REG:11'] },
      { code: 'COM:01234', label: 'Marboz', parents: ['DEP:01'] },
      { code: 'COM:75056', label: 'Paris', parents: ['DEP:75'] },
      ...towns.map((code) => ({ code, label: `Town ${code}`, parents: ['DEP:69'] })),
    ],
    { partitions: [{ name: 'administrative', levels: ['COM', 'DEP', 'REG', 'CNTRY'] }] },
  );
}
