import type { Command } from 'commander';
import { counted } from '../territory/counted.js';
import type { Io } from './io.js';
import { printJson } from './print-json.js';

/** Adds `check-config`, which does what `serve` does before it listens, and tells the outcome. */
export function registerCheckConfig(program: Command, io: Io): void {
  program
    .command('check-config')
    .description('check the configuration, the snapshot, and the fields in Elasticsearch')
    .option('--config <file>', 'YAML file with the configuration (default: the environment variable TERRITORY_CONFIG)')
    .option('--json', 'print {ok, faults, notes, tree}')
    .action(async ({ config, json }: { config?: string; json?: boolean }) => checkConfig(config, json === true, io));
}

async function checkConfig(configFile: string | undefined, json: boolean, io: Io): Promise<void> {
  const { loadForServing } = await import('./load-for-serving.js');
  try {
    const { tree, mappings, advice, config } = await loadForServing(configFile, io.env);
    const { version, unitCount } = tree;
    const notes = [
      ...advice,
      ...mappings.notes,
      ...mappings.faults.map(({ path, message, hint }) => `${path}: ${message} (${hint})`),
    ];
    if (json) {
      printJson(io, { ok: true, faults: [], notes, tree: { version, units: unitCount } });
      return;
    }
    io.stdout.write(`the configuration is good: ${counted(config.indices.length, 'pattern')} of indices\n`);
    io.stdout.write(`the tree ${version} is good: ${counted(unitCount, 'unit')}\n`);
    for (const note of notes) io.stdout.write(`note: ${note}\n`);
  } catch (error) {
    if (json) printJson(io, { ok: false, faults: await faultsOf(error), notes: [], tree: null });
    throw error;
  }
}

async function faultsOf(error: unknown) {
  const { ConfigError } = await import('../config/error.js');
  if (error instanceof ConfigError) return error.faults;
  return [{ path: 'territoryTree', message: (error as Error).message }];
}
