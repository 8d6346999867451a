import type { Command } from 'commander';
import { counted } from '../territory/counted.js';
import type { IndexReport } from './check-index.js';
import type { Io } from './io.js';
import { printJson } from './print-json.js';
import { UsageError } from './usage-error.js';

interface IndexCheckOptions {
  readonly config?: string;
  readonly tree?: string;
  readonly json?: boolean;
}

const TIMEOUT_MS = 60_000;
const MOST_LISTED = 20;

/** Adds `index check`, which looks at the mappings and the tags of an index in Elasticsearch. */
export function registerIndex(program: Command, io: Io): void {
  const index = program.command('index').description('look after indices in Elasticsearch');
  index
    .command('check')
    .description('check the fields of an index, and its tags against the tree')
    .argument('<index>', 'a name, an alias or a pattern')
    .option('--config <file>', 'YAML file with the configuration (default: the environment variable TERRITORY_CONFIG)')
    .option('--tree <file>', 'the snapshot (default: that of the configuration, or of TERRITORY_TREE)')
    .option('--json', 'print {indices: [{index, pattern, documents, tagged, faults, unknown, former, missing}]}')
    .addHelpText('after', '\nExample:\n  territory-proxy index check articles --config territory.yaml')
    .action(async (name: string, options: IndexCheckOptions) => checkCommand(name, options, io));
}

async function checkCommand(name: string, options: IndexCheckOptions, io: Io): Promise<void> {
  const { loadConfig } = await import('../config/load.js');
  const { TerritoryTree } = await import('../files/tree.js');
  const { AskElasticsearch } = await import('./ask-elasticsearch.js');
  const { checkIndex } = await import('./check-index.js');
  const config = loadConfig({ file: options.config, environment: io.env });
  const file = options.tree ?? config.territoryTree;
  if (!file) throw new UsageError('which map? Name a snapshot with --tree FILE or in TERRITORY_TREE');
  if (config.indices.length === 0)
    throw new UsageError('the configuration names no indices; add a pattern to "indices"');
  const tree = await TerritoryTree.load(file);
  const elasticsearch = new AskElasticsearch(config, TIMEOUT_MS);
  try {
    const reports = await checkIndex(elasticsearch.ask, tree, config.indices, name);
    if (options.json) printJson(io, { indices: reports });
    else io.stdout.write(reports.map(describe).join(''));
    if (reports.length === 0) throw new Error(`there is no index ${name}`);
    const bad = reports.filter(({ faults, unknown, missing }) => faults.length + unknown.length + missing.length > 0);
    if (bad.length > 0) throw new Error(`not all is well in ${bad.map(({ index }) => index).join(', ')}`);
  } finally {
    await elasticsearch.close();
  }
}

function describe({ index, pattern, documents, tagged, faults, unknown, former, missing }: IndexReport): string {
  if (pattern === undefined) return `${index}: no pattern of the configuration matches it\n`;
  const lines = [
    `${index} (${pattern}): ${counted(documents, 'document')}, ${tagged} of them tagged`,
    ...faults.map(({ field, message, hint }) => `  the field ${field} ${message}: ${hint}`),
    ...listed('unknown', unknown, ({ suggestions }) =>
      suggestions.length === 0 ? 'is unknown' : `is unknown (did you mean ${suggestions.join(', ')}?)`,
    ),
    ...listed('former', former, ({ successors }) => `is a former code, today ${successors.join(' | ')}`),
    ...listed('missing', missing, ({ expected }) => `lacks some of its ancestors: ${expected.join(', ')}`),
  ];
  if (faults.length + unknown.length + former.length + missing.length === 0) lines.push('  all is well');
  return `${lines.join('\n')}\n`;
}

function listed<T extends { readonly code: string; readonly documents: number }>(
  what: string,
  tags: readonly T[],
  say: (tag: T) => string,
): string[] {
  const lines = tags
    .slice(0, MOST_LISTED)
    .map((tag) => `  the tag ${tag.code} (${counted(tag.documents, 'document')}) ${say(tag)}`);
  const more = tags.length - lines.length;
  return more > 0
    ? [...lines, `  and ${more} more ${more === 1 ? 'tag that is' : 'tags that are'} ${what}; --json lists all`]
    : lines;
}
