import type { Command } from 'commander';
import type { BuildOptions } from '../territory/build.js';
import type { BuildFault } from '../territory/errors.js';
import type { Partition, UnitInput } from '../territory/unit.js';
import type { BuildProgress } from './build-progress.js';
import type { Io } from './io.js';
import { printJson } from './print-json.js';
import { describeTree, treeText } from './tree-summary.js';
import { UsageError } from './usage-error.js';

interface TreeBuildOptions {
  readonly from: string;
  readonly out: string;
  readonly year?: number;
  readonly partition?: readonly Partition[];
  readonly json?: boolean;
}

/** Units, all there or still being read, and how the world is divided. */
interface Source {
  readonly units: Iterable<UnitInput> | AsyncIterable<UnitInput | BuildFault>;
  readonly partitions: readonly Partition[] | undefined;
  /** What else units are called. */
  readonly names?: BuildOptions['names'];
}

export function registerTreeBuild(tree: Command, io: Io): void {
  tree
    .command('build')
    .description('build a snapshot from units')
    .requiredOption(
      '--from <source>',
      'cog (the map of France), or a file of units: NDJSON or CSV, also as gzip; - is stdin',
    )
    .requiredOption('--out <file>', 'the snapshot to write')
    .option('--year <year>', 'with --from cog: another year than the latest (2019, 2021 to 2026)', yearOf)
    .option(
      '--partition <name=LEVELS>',
      'levels from the lowest, by commas; repeat it, the primary one first',
      addPartition,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Without --partition, a map in which no unit has two parents is one partition.

Examples:
  territory-proxy tree build --from cog --out fr.tree
  territory-proxy tree build --from units.ndjson.gz --out my.tree \\
    --partition administrative=TOWN,COUNTY,STATE --partition school=DISTRICT`,
    )
    .action(async (options: TreeBuildOptions) => {
      const { BuildProgress } = await import('./build-progress.js');
      const progress = new BuildProgress(io.stderr);
      try {
        const { TerritoryTree } = await import('../files/tree.js');
        const { units, partitions, names } = await sourceOf(options, io, progress);
        const settings: BuildOptions = { partitions, names, onProgress: (count) => progress.read(count) };
        const tree =
          Symbol.asyncIterator in units
            ? await TerritoryTree.build(units, settings)
            : TerritoryTree.build(units, settings);
        await tree.save(options.out);
        progress.stop();
        const summary = describeTree(options.out, tree);
        if (options.json) printJson(io, summary);
        else io.stdout.write(treeText(summary));
      } finally {
        progress.stop();
      }
    });
}

async function sourceOf(options: TreeBuildOptions, io: Io, progress: BuildProgress): Promise<Source> {
  const { from, year, partition = [] } = options;
  if (from === 'cog') {
    if (partition.length > 0) throw new UsageError('--from cog has partitions of its own; leave out --partition');
    const { COG_NAMES, COG_YEARS, cogUnits, FRANCE_PARTITIONS } = await import('../files/index.js');
    if (year !== undefined && !COG_YEARS.includes(year)) {
      throw new UsageError(`there is no map of France of ${year}; the years are ${COG_YEARS.join(', ')}`);
    }
    const units = await cogUnits({ year, onStep: (step) => progress.step(step) });
    progress.begin(units.length);
    return { units, partitions: FRANCE_PARTITIONS, names: COG_NAMES };
  }
  if (year !== undefined) throw new UsageError('--year goes with --from cog only');
  if (from === 'postgres') {
    throw new UsageError(
      '--from postgres reads the database at DATABASE_URL, which this version can not do yet; ' +
        'give cog or a file (./postgres, if one is called so)',
    );
  }
  const { readUnits } = await import('../files/read-units.js');
  progress.begin(undefined);
  return { units: readUnits(from, io.stdin), partitions: partition.length > 0 ? partition : undefined };
}

function yearOf(value: string): number {
  if (!/^\d{4}$/.test(value)) throw new UsageError(`--year ${value} is no year`);
  return Number(value);
}

function addPartition(value: string, before: readonly Partition[] = []): readonly Partition[] {
  const [, name, levels] = /^([^=]+)=([A-Z][A-Z0-9_]*(?:,[A-Z][A-Z0-9_]*)*)$/.exec(value) ?? [];
  if (name === undefined || levels === undefined) {
    throw new UsageError(`--partition ${value} is not of the form name=LEVEL,LEVEL, as in administrative=COM,DEP,REG`);
  }
  return [...before, { name, levels: levels.split(',') }];
}
