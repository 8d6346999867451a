import { Readable, Writable } from 'node:stream';
import { run } from '../../src/cli/run.js';

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runCommand(
  args: readonly string[],
  {
    env = {},
    stdin = '',
    isTTY = false,
  }: { env?: NodeJS.ProcessEnv; stdin?: string | AsyncIterable<Buffer>; isTTY?: boolean } = {},
): Promise<Result> {
  const stdout = new Sink();
  const stderr = Object.assign(new Sink(), { isTTY });
  const code = await run(args, {
    stdin: Readable.from(typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin),
    stdout,
    stderr,
    env,
  });
  return { code, out: stdout.text, err: stderr.text };
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
