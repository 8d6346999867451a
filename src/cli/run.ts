import { CommanderError } from 'commander';
import { describeError } from './describe-error.js';
import type { Io } from './io.js';
import { createProgram } from './program.js';
import { UsageError } from './usage-error.js';

/**
 * Runs one command line (without `node` and the script) to its end.
 *
 * @returns the exit code: 0, 1 for a failure, 2 for wrong use
 */
export async function run(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed the help or its own error message by now.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.stderr.write(`error: ${describeError(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
