import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyProcess } from '../../../src/cli/proxy-process.js';
import { loadConfig } from '../../../src/config/load.js';
import { TerritoryTree } from '../../../src/files/tree.js';
import { createLogger } from '../../../src/stats/logger.js';
import { elasticsearchUrl } from './elasticsearch.js';

export interface RunningProxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly tree: TerritoryTree;
  /** The lines that it logged. */
  readonly log: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** The snapshot of France that the run's setup made. */
export function franceFile(): string {
  const file = process.env.TEST_TERRITORY_TREE;
  if (!file) throw new Error('No tree of France: run this test with `node scripts/jest.mjs integration`.');
  return file;
}

/**
 * A whole proxy in this process, on a free port, in front of the run's Elasticsearch, with the map of France.
 * It keeps no history unless it is told to.
 * @param config keys of the configuration file, over those defaults
 */
export async function startProxy(config: Readonly<Record<string, unknown>> = {}): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'territory-proxy-test-'));
  const file = join(folder, 'proxy.yaml');
  const defaults = { elasticsearchUrl: elasticsearchUrl(), port: 0, territoryTree: franceFile(), history: 'off' };
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ ...defaults, ...config }));
  const loaded = loadConfig({ file, environment: {} });
  await rm(folder, { recursive: true });

  const log: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line) => void log.push(JSON.parse(line)) });
  const tree = await TerritoryTree.load(loaded.territoryTree!);
  const proxy = new ProxyProcess(loaded, loaded.territoryTree!, tree, '0.0.0-test', logger);
  const { proxy: address } = await proxy.listen();
  return { url: `http://127.0.0.1:${address.port}`, tree, log, stop: () => proxy.close() };
}
