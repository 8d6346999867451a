import type { Logger } from './logger.js';

/** What keeps failing is told once in this time, in ms: a fault that each request meets would fill the log. */
const EVERY_MS = 60_000;

/**
 * Logs what failed: the first time, and then at most once a minute, with how often it was meanwhile.
 * @param what in words: `a request could not be counted`
 * @param clock ms; monotonic
 */
export function faultLog(
  logger: Logger,
  what: string,
  clock: () => number = () => performance.now(),
): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (error) => {
    untold += 1;
    const now = clock();
    if (now - toldAt < EVERY_MS) return;
    logger.error({ error }, untold === 1 ? what : `${what}: ${untold} times since this was last told`);
    toldAt = now;
    untold = 0;
  };
}
