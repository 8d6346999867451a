import { destination } from 'pino';
import { createLogger, type Logger, type LogLevel } from '../stats/logger.js';
import { GatheredLines } from './gathered-lines.js';

/** What is held for a reader that does not keep up, in bytes; further lines are dropped until it does. */
const HELD_BYTES = 32 * 1024 * 1024;

/**
 * A logger that writes without keeping anyone waiting. `write` puts whole lines of others between its own; `flush` writes what is still in memory.
 * @param dest a file, or standard output
 */
export function openLog(
  level: LogLevel,
  dest: string | number = 1,
): { logger: Logger; write: (lines: string) => void; flush: () => void } {
  const stream = destination({ dest, sync: false, maxLength: HELD_BYTES });
  // A reader that is gone must not end the proxy: what follows is not written.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const lines = new GatheredLines((text) => void stream.write(text));
  return {
    logger: createLogger(level, lines),
    write: (text) => lines.write(text),
    flush: () => {
      lines.flush();
      flushed(stream);
    },
  };
}

function flushed(stream: ReturnType<typeof destination>): void {
  try {
    stream.flushSync();
  } catch (error) {
    // Nothing is left to write to: the reader is gone, or the stream was never opened.
    if (!/EPIPE|not ready|destroyed/.test((error as Error).message)) throw error;
  }
}
