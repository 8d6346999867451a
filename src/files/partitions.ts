import type { Partition } from '../territory/unit.js';

/** How the map of France is divided: municipal arrondissements to the country, and three partitions across. */
export const FRANCE_PARTITIONS: readonly Partition[] = [
  { name: 'administrative', levels: ['ARM', 'COM', 'DEP', 'REG', 'CNTRY'] },
  { name: 'arrondissement', levels: ['ARR'] },
  { name: 'intercommunal', levels: ['EPCI'] },
  { name: 'ept', levels: ['EPT'] },
];
