import type { Readable, Writable } from 'node:stream';

/** What a command reads from and writes to; a test passes its own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Errors and progress. A bar is drawn only on a terminal. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}
