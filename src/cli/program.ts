import { createRequire } from 'node:module';
import { Command } from 'commander';
import { commands } from './commands.js';
import type { Io } from './io.js';

/** The whole command line. It throws where it would leave the process. */
export function createProgram(io: Io): Command {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const program = new Command('territory-proxy')
    .description('Searches documents in Elasticsearch by territory.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError('(--help says more)');
  // Subcommands take over what was set up to here.
  for (const register of commands) register(program, io);
  return program;
}
