import type { TerritoryTree } from '../territory/tree.js';
import type { ConfigFault } from './error.js';
import type { Config } from './schema.js';

/** What is wrong in the configuration for this map: levels that it does not have. */
export function checkAgainstTree({ indices }: Config, tree: TerritoryTree): ConfigFault[] {
  return indices.flatMap(([pattern, { levels = [] }]) =>
    levels
      .filter((level) => !tree.levels.includes(level))
      .map((level) => ({
        path: `indices[${JSON.stringify(pattern)}].levels`,
        message: `names the level ${level}, which the map does not have`,
        hint: `it has ${tree.levels.join(', ')}`,
      })),
  );
}
