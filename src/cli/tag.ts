import { once } from 'node:events';
import type { Command } from 'commander';
import { counted } from '../territory/counted.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

interface TagOptions {
  readonly units: string;
  readonly ancestors: string;
  readonly tree?: string;
  readonly arrows?: boolean;
  readonly levels?: string;
  readonly format: string;
  readonly keepUnknown?: boolean;
}

const FORMATS = ['auto', 'documents', 'bulk'] as const;

/** Adds `tag`, which gives documents on a pipe the ancestors of their tags. */
export function registerTag(program: Command, io: Io): void {
  program
    .command('tag')
    .description(
      'add to documents on stdin (NDJSON, or the body of a bulk) all units around those they are tagged with',
    )
    .requiredOption('--units <field>', 'the field with the codes of the documents')
    .requiredOption('--ancestors <field>', 'the field that the codes and those of all units around them are written to')
    .option('--tree <file>', 'the snapshot (default: the environment variable TERRITORY_TREE)')
    .option('--arrows', 'only ancestors along the arrows ("ancestorsBy: arrows" in the configuration)')
    .option('--levels <list>', 'only these levels, between commas')
    .option('--format <format>', `what the lines are: ${FORMATS.join(', ')}`, 'auto')
    .option('--keep-unknown', 'let tags that the tree does not know stand alone, and name them at the end')
    .addHelpText(
      'after',
      '\nExample:\n  territory-proxy tag --units territories --ancestors territory_path < articles.ndjson > tagged.ndjson',
    )
    .action(async (options: TagOptions) => tag(options, io));
}

async function tag(options: TagOptions, io: Io): Promise<void> {
  const file = options.tree ?? io.env.TERRITORY_TREE;
  if (!file) throw new UsageError('which map? Name a snapshot with --tree FILE or in TERRITORY_TREE');
  const format = FORMATS.find((name) => name === options.format);
  if (format === undefined) throw new UsageError(`--format takes ${FORMATS.join(', ')}`);
  const { TerritoryTree } = await import('../files/tree.js');
  const { readLines } = await import('../files/read-lines.js');
  const { Tagger } = await import('../query/tagger.js');
  const tagger = new Tagger(await TerritoryTree.load(file), {
    units: options.units,
    ancestors: options.ancestors,
    ancestorsBy: options.arrows ? 'arrows' : 'atoms',
    levels: options.levels?.split(','),
    format,
    unknown: options.keepUnknown ? 'keep' : 'error',
  });
  for await (const lines of readLines(io.stdin)) {
    const chunk = Buffer.concat(lines.flatMap((line) => [tagger.line(line), NEWLINE]));
    if (!io.stdout.write(chunk)) await once(io.stdout, 'drain');
  }
  for (const [code, count] of tagger.unknown)
    io.stderr.write(`unknown unit ${code} in ${counted(count, 'document')}\n`);
}

const NEWLINE = Buffer.from('\n');
