import { advice } from '../config/advice.js';
import { ConfigError } from '../config/error.js';
import { loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { checkAgainstTree } from '../config/tree-check.js';
import { TerritoryTree } from '../files/tree.js';
import { fingerprint } from '../files/tree-watcher.js';
import { lookUpMappings, type MappingReport } from './look-up-mappings.js';

/** What a proxy needs to begin. */
export interface Loaded {
  readonly config: Config;
  /** The snapshot. */
  readonly file: string;
  readonly tree: TerritoryTree;
  /** Of the snapshot, taken before it was read: a change since then is seen. */
  readonly fingerprint: string;
  readonly mappings: MappingReport;
  /** What is legal in the configuration, and may surprise. */
  readonly advice: readonly string[];
}

/**
 * Reads and checks all that a proxy needs: the configuration, the snapshot, and the mappings where they can be had.
 * @throws ConfigError with every fault of the configuration, or a TreeCacheError
 */
export async function loadForServing(
  configFile: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Loaded> {
  const config = loadConfig({ file: configFile, environment });
  const file = config.territoryTree;
  if (file === null) {
    const hint = 'name a snapshot in TERRITORY_TREE; territory-proxy tree build makes one';
    throw new ConfigError([{ path: 'territoryTree', message: 'is not set', hint }]);
  }
  const seen = await fingerprint(file);
  const tree = await TerritoryTree.load(file);
  const mappings = config.checkMappings === 'off' ? { faults: [], notes: [] } : await lookUpMappings(config);
  const faults = [...checkAgainstTree(config, tree), ...(config.checkMappings === 'error' ? mappings.faults : [])];
  if (faults.length > 0) throw new ConfigError(faults);
  return { config, file, tree, fingerprint: seen, mappings, advice: advice(config) };
}
