/** The map of France, from its package, as the benchmarks use it. */
import { cogUnits, FRANCE_PARTITIONS } from '../../src/files/index.js';
import { TerritoryTree } from '../../src/index.js';

export async function franceTree(): Promise<TerritoryTree> {
  return TerritoryTree.build(await cogUnits(), { partitions: FRANCE_PARTITIONS });
}
