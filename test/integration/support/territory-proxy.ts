import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** A process of the command line, and all that it printed so far. */
export interface CommandProcess {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Starts a command with this environment and nothing of the test's own but the path.
 * @param node another Node than the test's
 */
export function startCommand(
  args: readonly string[],
  environment: Record<string, string>,
  node = process.execPath,
): CommandProcess {
  const child = spawn(node, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return { child, printed, ended };
}

/** Starts `serve` on a free port and waits until it listens. */
export async function startProxy(environment: Record<string, string>, args: readonly string[] = [], node?: string) {
  const command = startCommand(['serve', ...args], { HOST: '127.0.0.1', PORT: '0', ...environment }, node);
  const url = await new Promise<string>((resolve, reject) => {
    command.child.stderr?.on('data', () => {
      const found = /listens on (https?:\/\/\S+?),/.exec(command.printed.stderr)?.[1];
      if (found !== undefined) resolve(found);
    });
    command.ended.then((code) => reject(new Error(`serve ended with ${code}: ${command.printed.stderr}`)));
  });
  return { ...command, url };
}

/** The lines of a log, each as an object. */
export function logLines({ printed }: CommandProcess): Record<string, unknown>[] {
  return printed.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Waits until a thing holds; the time is a guard against a hang, not a limit of anything. */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 120_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to hold within ${milliseconds} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
