import { WallClock } from './wall-clock.js';

/** The proxy's clock: all times of a page are its, as those in the proxy's own sentences are. */
export const clock = new WallClock(document.body.dataset.timeZone ?? 'UTC');

/** The zone of whoever reads, where its clock shows another time than the proxy's. */
export function readersZone(now: number): string | undefined {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const own = new WallClock(timeZone);
  // In half a year too: some zones differ in summer only.
  const isSame = [now, now + 182 * 86_400_000].every((time) => own.shownAt(time) === clock.shownAt(time));
  return isSame ? undefined : timeZone;
}
