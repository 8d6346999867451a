import { TerritorySlowBodyError } from './errors.js';
import type { ProxyLimits } from './options.js';

/** Where the options say nothing. The rate is that of Kestrel and IIS. */
const SILENCE_MS = 60_000;
const BYTES_PER_SECOND = 240;

/** How fast a client must send its body where others need its place. */
export interface LeastPace {
  /** Over how long that is looked at, in ms; 0: a body may take as long as it likes. */
  readonly silenceMs: number;
  /** 0: any byte will do. */
  readonly bytesPerSecond: number;
}

export function leastPace({ silenceMs, leastBytesPerSecond }: ProxyLimits): LeastPace {
  return { silenceMs: silenceMs ?? SILENCE_MS, bytesPerSecond: leastBytesPerSecond ?? BYTES_PER_SECOND };
}

/**
 * Whether a body comes too slowly: so many bytes, as the least pace makes of the time that it is looked at, took longer than
 * that. To look at the time alone in which nothing at all came would let a client keep a place for ever, for a byte now
 * and then.
 */
export class Pace {
  readonly #least: LeastPace;
  /** Bytes that must have come in the time. */
  readonly #quota: number;
  /** Since when, on `performance.now`'s clock, how many came. */
  #since = performance.now();
  #bytes = 0;

  constructor(least: LeastPace) {
    this.#least = least;
    this.#quota = Math.max(1, (least.bytesPerSecond * least.silenceMs) / 1000);
  }

  came(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= this.#quota) this.begin();
  }

  /** From now on it is the client's turn. */
  begin(): void {
    this.#since = performance.now();
    this.#bytes = 0;
  }

  /** Why the client should give its place to others; `undefined` where it is fast enough. */
  get tooSlow(): TerritorySlowBodyError | undefined {
    const { silenceMs } = this.#least;
    const elapsed = performance.now() - this.#since;
    if (silenceMs === 0 || elapsed < silenceMs) return undefined;
    return new TerritorySlowBodyError(
      `only ${this.#bytes} bytes of the body came within ${Math.round(elapsed)} ms, where ${Math.ceil(this.#quota)} within ${silenceMs} ms keep a place that ` +
        'others wait for (limits.silenceMs, limits.leastBytesPerSecond): send the request again, faster',
    );
  }
}
