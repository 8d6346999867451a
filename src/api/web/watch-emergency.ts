import { ask } from './client.js';
import { type Listeners, listen } from './live.js';
import type { OpenEmergency, Standup } from './wire.js';

const RETRY_MS = 3_000;

/**
 * Tells of the emergency that is open, each time that something of the stand-up changed. What can't be had now is asked
 * for again in a while: the next event may be hours away.
 */
export function watchEmergency(
  show: (open: OpenEmergency | undefined) => void,
  others: Omit<Listeners, 'standup'> = {},
): void {
  let asked = 0;
  const refresh = async (): Promise<void> => {
    asked += 1;
    const own = asked;
    try {
      const { emergency } = await ask<Standup>('standup');
      // An answer that was overtaken is an old one.
      if (own === asked) show(emergency);
    } catch {
      // Nobody can do anything about it. That the proxy is away the line above the page says, where a page has one.
      setTimeout(() => {
        if (own === asked) void refresh();
      }, RETRY_MS);
    }
  };
  listen({ ...others, standup: () => void refresh() });
}
