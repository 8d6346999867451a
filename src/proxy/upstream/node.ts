import type { UpstreamOptions } from '../options.js';
import type { LeastPace } from '../pace.js';
import { Connector } from './connect.js';
import { ConnectionPool } from './pool.js';

/** First wait before a dead node is tried again, and the longest, in ms. */
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * One node of Elasticsearch: its connections, and whether it is alive. A node is dead from a failed connection until one
 * succeeds; meanwhile it is left out but for one request after each wait, which doubles from half a second to half a
 * minute.
 */
export class UpstreamNode {
  /** Scheme, host and port, without credentials. */
  readonly origin: string;
  /** `Host` for requests that bring none, or that must not bring their own. */
  readonly host: string;
  readonly pool: ConnectionPool;
  #failures = 0;
  #restUntil = 0;

  constructor(url: URL, options: UpstreamOptions, least: LeastPace) {
    this.origin = url.origin;
    this.host = url.host;
    this.pool = new ConnectionPool(new Connector(url, options), options.connections, least);
  }

  /** How often it failed since it last was alive. */
  get failures(): number {
    return this.#failures;
  }

  /** When a dead node may be tried again, in the clock's ms; 0 for one that is alive. */
  get restUntil(): number {
    return this.#restUntil;
  }

  /** Lets one request try a dead node; the others wait until that has failed or its wait is over. */
  tryAgain(now: number): void {
    this.#restUntil = now + this.#backoff();
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#restUntil = now + this.#backoff();
  }

  succeeded(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#restUntil = 0;
  }

  #backoff(): number {
    return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures - 1, 16));
  }
}
