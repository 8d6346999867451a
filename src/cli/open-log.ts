import { destination } from 'pino';
import { createLogger, type Logger, type LogLevel } from '../stats/logger.js';

/** What is held for a reader that does not keep up, in bytes; further lines are dropped until it does. */
const HELD_BYTES = 32 * 1024 * 1024;

/** Lines leave together, when there are so many bytes of them or after so many milliseconds: each write costs a request's time. */
const TOGETHER_BYTES = 32 * 1024;
const MOST_TOGETHER_BYTES = 64 * 1024;
const TOGETHER_MS = 100;

/**
 * A logger that writes to standard output without keeping anyone waiting. `write` puts whole lines of others between its
 * own; `flush` writes what is still in memory.
 */
export function openLog(level: LogLevel): { logger: Logger; write: (lines: string) => void; flush: () => void } {
  const stdout = openStream(1);
  // A reader that is gone must not end the proxy: what follows is not written.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    logger: createLogger(level, stdout),
    write: (lines) => void stdout.write(lines),
    flush: () => flushed(stdout),
  };
}

/** A stream of lines to a file or a descriptor, which keeps nobody waiting. */
export function openStream(dest: number | string): ReturnType<typeof destination> {
  const together = { minLength: TOGETHER_BYTES, maxWrite: MOST_TOGETHER_BYTES, periodicFlush: TOGETHER_MS };
  return destination({ dest, sync: false, maxLength: HELD_BYTES, ...together });
}

function flushed(stdout: ReturnType<typeof destination>): void {
  try {
    stdout.flushSync();
  } catch (error) {
    // Nothing is left to write to: the reader is gone, or the stream was never opened.
    if (!/EPIPE|not ready|destroyed/.test((error as Error).message)) throw error;
  }
}
