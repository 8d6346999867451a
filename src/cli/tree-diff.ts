import type { Command } from 'commander';
import type { Io } from './io.js';
import { printJson } from './print-json.js';

export function registerTreeDiff(tree: Command, io: Io): void {
  tree
    .command('diff')
    .description('say what became of the units of one snapshot in another')
    .argument('<a>', 'the older snapshot')
    .argument('<b>', 'the newer snapshot')
    .option('--json', 'print JSON')
    .action(async (a: string, b: string, options: { json?: boolean }) => {
      const [{ TerritoryTree }, { diffTrees }, { diffText }] = await Promise.all([
        import('../files/tree.js'),
        import('../territory/diff.js'),
        import('../territory/diff-text.js'),
      ]);
      const diff = diffTrees(await TerritoryTree.load(a), await TerritoryTree.load(b));
      if (options.json) printJson(io, diff);
      else io.stdout.write(diffText(diff));
    });
}
