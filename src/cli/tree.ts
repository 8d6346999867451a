import type { Command } from 'commander';
import type { Io } from './io.js';
import { registerTreeBuild } from './tree-build.js';
import { registerTreeDiff } from './tree-diff.js';
import { registerTreeInspect } from './tree-inspect.js';

export function registerTree(program: Command, io: Io): void {
  const tree = program.command('tree').description('make and look at maps of units');
  registerTreeBuild(tree, io);
  registerTreeInspect(tree, io);
  registerTreeDiff(tree, io);
}
