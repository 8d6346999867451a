import { TerritoryTooLargeError } from '../territory/errors.js';
import { TerritoryBusyError } from './errors.js';

/** How many requests are on their way, and what they keep in memory. */
export class Load {
  /** Most bytes that all requests together keep in memory. */
  readonly most: number;
  readonly #roomWanted: () => void;
  #inFlight = 0;
  #held = 0;
  #idle: (() => void) | undefined;

  /** @param roomWanted told of each request that there was no room for, though there is some at other times */
  constructor(most: number, roomWanted: () => void) {
    this.most = most;
    this.#roomWanted = roomWanted;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** What all requests together keep in memory, in bytes. */
  get held(): number {
    return this.#held;
  }

  /** How many bytes more could be kept. */
  get free(): number {
    return this.most - this.#held;
  }

  began(): void {
    this.#inFlight += 1;
  }

  /** @param held what the request kept in memory, in bytes */
  ended(held: number): void {
    this.#held -= held;
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#idle?.();
  }

  /** Resolves as soon as no request is on its way. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /**
   * Notes that a request keeps so many bytes more in memory.
   * @param own what it keeps already
   * @throws as `room`
   */
  hold(bytes: number, own: number): void {
    this.room(bytes, own);
    this.keep(bytes);
  }

  /** The same for what has come already, whether there is room or not. */
  keep(bytes: number): void {
    this.#held += bytes;
  }

  /**
   * Whether a request could keep so many bytes more now.
   * @param own what it keeps already
   * @throws TerritoryBusyError where it could not; TerritoryTooLargeError where it never could, were it alone
   */
  room(bytes: number, own: number): void {
    if (bytes <= this.free) return;
    if (own + bytes > this.most) {
      throw new TerritoryTooLargeError(
        `the request alone needs more than the ${this.most} bytes of memory that all requests together may keep: ask for less at once, or raise limits.bufferedBytes`,
      );
    }
    this.#roomWanted();
    throw new TerritoryBusyError(
      `all requests in flight together keep more than ${this.most} bytes in memory (limits.bufferedBytes)`,
    );
  }

  /** Notes that so many bytes are kept no more, before the end of their request. */
  letGo(bytes: number): void {
    this.#held -= bytes;
  }
}
