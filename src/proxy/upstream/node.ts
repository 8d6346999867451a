import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { UpstreamOptions } from '../options.js';

/** How long an idle connection to Elasticsearch is kept, in ms: Elasticsearch itself closes none. */
const IDLE_MS = 60_000;

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
  readonly pool: Pool;
  /** The name for TLS to check, the same for every request: a client's `Host` must not choose it. */
  readonly servername: string | undefined;
  #failures = 0;
  #restUntil = 0;

  constructor(url: URL, options: UpstreamOptions) {
    this.origin = url.origin;
    const secure = url.protocol === 'https:';
    const { hostname } = url;
    this.servername = secure ? hostname : undefined;
    const connector = buildConnector({
      ...definedOnly(options.tls ?? {}),
      timeout: options.connectTimeoutMs ?? 5_000,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    });
    // An address has no name to ask for (RFC 6066, 3); undici would take the client's Host for one.
    const servername = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : '';
    this.pool = new Pool(this.origin, {
      connections: options.connections,
      pipelining: 1,
      connect: secure ? (target, done) => connector({ ...target, servername }, done) : connector,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: 10 * IDLE_MS,
      maxHeaderSize: 256 * 1024,
    });
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

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}
