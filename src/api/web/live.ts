import type { Standup, WireStats } from './wire.js';

export interface Listeners {
  standup?: (standup: Standup) => void;
  stats?: (stats: WireStats) => void;
  /** The connection came, or went at a time; it comes back by itself. */
  connection?: (lostSince: number | undefined) => void;
}

const RETRY_MS = 2_000;
/** Beats come every five seconds; after three without one the connection is taken for dead. */
const SILENCE_MS = 16_000;

/** Listens to the proxy's events for as long as the page is open, and connects again when the connection is lost. */
export function listen(listeners: Listeners): void {
  let lostSince: number | undefined;
  let source: EventSource | undefined;
  let retry = 0;
  let silence = 0;
  const heard = (): void => {
    clearTimeout(silence);
    silence = window.setTimeout(() => lost(), SILENCE_MS);
  };
  const connect = (): void => {
    source = new EventSource('events');
    heard();
    source.addEventListener('beat', heard);
    source.addEventListener('hello', (event) => {
      const proxy = JSON.parse(event.data) as { build?: string; timeZone?: string };
      const { build, timeZone } = document.body.dataset;
      // The proxy was replaced by another version: a page on the wall takes its new pages by itself.
      if (proxy.build !== build || proxy.timeZone !== timeZone) location.reload();
      lostSince = undefined;
      listeners.connection?.(undefined);
    });
    source.addEventListener('standup', (event) => listeners.standup?.(JSON.parse(event.data)));
    source.addEventListener('stats', (event) => listeners.stats?.(JSON.parse(event.data)));
    source.addEventListener('error', () => lost());
  };
  const lost = (): void => {
    source?.close();
    lostSince ??= Date.now();
    listeners.connection?.(lostSince);
    clearTimeout(retry);
    clearTimeout(silence);
    retry = window.setTimeout(connect, RETRY_MS);
  };
  window.addEventListener('pagehide', () => {
    clearTimeout(retry);
    clearTimeout(silence);
    source?.close();
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) connect();
  });
  window.addEventListener('online', () => {
    if (lostSince !== undefined) lost();
  });
  connect();
}
