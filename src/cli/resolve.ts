import type { Command } from 'commander';
import type { TerritoryTree } from '../files/tree.js';
import type { Territory } from '../territory/territory.js';
import type { Io } from './io.js';
import { printJson } from './print-json.js';
import { UsageError } from './usage-error.js';

interface ResolveOptions {
  readonly tree?: string;
  readonly json?: boolean;
}

export function registerResolve(program: Command, io: Io): void {
  program
    .command('resolve')
    .description('print the largest units that a territory is made of, as CODE<TAB>label')
    .argument('<expression>', 'codes, joined by | (or), & (and), - (but not; between spaces), and parentheses')
    .option('--tree <file>', 'the snapshot (default: the environment variable TERRITORY_TREE)')
    .option('--json', 'print {version, codes, units, atomCount, resolved}')
    .addHelpText(
      'after',
      '\nExample:\n  territory-proxy resolve --tree fr.tree "REG:84 - DEP:69 | EPCI:200046977 & DEP:38"',
    )
    .action(async (expression: string, options: ResolveOptions) => {
      const file = options.tree ?? io.env.TERRITORY_TREE;
      if (!file) throw new UsageError('which map? Name a snapshot with --tree FILE or in TERRITORY_TREE');
      const { TerritoryTree } = await import('../files/tree.js');
      const territory = await parse(await TerritoryTree.load(file), expression);
      if (options.json) {
        const { codes, units, atomCount, resolved } = territory;
        printJson(io, { version: territory.tree.version, codes, units, atomCount, resolved });
        return;
      }
      for (const [former, successors] of Object.entries(territory.resolved)) {
        io.stderr.write(`${former} is a former code, today ${successors.join(' | ')}\n`);
      }
      io.stdout.write(territory.units.map(({ code, label }) => `${code}\t${label}\n`).join(''));
    });
}

/** Shows where in the expression an error is, as far as it fits. */
async function parse(tree: TerritoryTree, expression: string): Promise<Territory> {
  try {
    return tree.parse(expression);
  } catch (error) {
    const { TerritorySyntaxError } = await import('../territory/errors.js');
    if (!(error instanceof TerritorySyntaxError) || error.column === undefined) throw error;
    const begin = Math.max(0, error.column - 61);
    const shown = expression.slice(begin, begin + 100).replace(/\s/g, ' ');
    const pointer = `${' '.repeat(error.column - 1 - begin)}^`;
    throw new TerritorySyntaxError(`${error.message}\n  ${shown}\n  ${pointer} column ${error.column}`, error.column);
  }
}
