import type { Command } from 'commander';
import type { Io } from './io.js';
import { printJson } from './print-json.js';
import { describeTree, treeText } from './tree-summary.js';

export function registerTreeInspect(tree: Command, io: Io): void {
  tree
    .command('inspect')
    .description('say what a snapshot holds')
    .argument('<file>', 'the snapshot')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const { TerritoryTree } = await import('../files/tree.js');
      const summary = describeTree(file, await TerritoryTree.load(file));
      if (options.json) printJson(io, summary);
      else io.stdout.write(treeText(summary));
    });
}
