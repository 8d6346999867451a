import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Counting } from '../stats/counting.js';

const EVERY_MS = 1000;
const RESOLUTION_MS = 20;

/**
 * Once a second: how busy this process is goes into what it counts, and that is handed on.
 * @param inFlight requests on their way
 * @returns ends it, after a last time
 */
export function watchSelf(counting: Counting, inFlight: () => number): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const hand = (): void => counting.flush();
  const timer = setInterval(() => {
    // The monitor measures from tick to tick of its own timer: what it is late is the delay.
    const late = Math.max(0, delay.percentile(99) / 1000 - RESOLUTION_MS * 1000);
    delay.reset();
    counting.look(inFlight(), process.memoryUsage.rss(), late);
    hand();
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
    hand();
  };
}
