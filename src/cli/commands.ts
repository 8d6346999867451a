import type { Command } from 'commander';
import { registerCheckConfig } from './check-config.js';
import { registerIndex } from './index-check.js';
import type { Io } from './io.js';
import { registerMigrate } from './migrate.js';
import { registerResolve } from './resolve.js';
import { registerServe } from './serve.js';
import { registerTag } from './tag.js';
import { registerTree } from './tree.js';

/** Adds a command to the program. What it needs beyond the declaration of its options it imports when it is run. */
export type Register = (program: Command, io: Io) => void;

/** Every command, in the order of the help. */
export const commands: readonly Register[] = [
  registerServe,
  registerTree,
  registerResolve,
  registerTag,
  registerIndex,
  registerMigrate,
  registerCheckConfig,
];
