import type { TerritorySlowBodyError } from './errors.js';
import type { LeastPace } from './pace.js';

/** How often, while requests are refused, bodies are looked for that come too slowly, in ms. */
const MAKE_WAY_MS = 250;

/** A body that is being read whole. */
export interface ReadBody {
  /** Why it should give its place to others; `undefined` where it comes fast enough. */
  readonly tooSlow: TerritorySlowBodyError | undefined;
  giveWay(error: TerritorySlowBodyError): void;
}

/**
 * The bodies that are being read. While requests are refused because there are too many, or for want of memory, those
 * that come too slowly give way, one for each that was refused: else clients that send a byte now and then would keep
 * all others out for ever.
 */
export class SlowBodies {
  readonly least: LeastPace;
  readonly #all = new Set<ReadBody>();
  readonly #streams: (wanted: number) => void;
  #places = 0;
  #rooms = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param streams makes so many uploads give way that stream through, and come too slowly: they keep a place, but no memory */
  constructor(least: LeastPace, streams: (wanted: number) => void) {
    this.least = least;
    this.#streams = streams;
  }

  add(body: ReadBody): void {
    this.#all.add(body);
  }

  delete(body: ReadBody): void {
    this.#all.delete(body);
  }

  /** A request was refused because too many are under way. */
  placeWanted(): void {
    this.#places += 1;
    this.#makeWaySoon();
  }

  /** A request was refused for want of memory. */
  roomWanted(): void {
    this.#rooms += 1;
    this.#makeWaySoon();
  }

  /** Not at once: who is refused may itself be a body that is being read. */
  #makeWaySoon(): void {
    this.#timer ??= setTimeout(() => this.#makeWay(), MAKE_WAY_MS).unref();
  }

  #makeWay(): void {
    let wanted = this.#places + this.#rooms;
    for (const body of [...this.#all]) {
      if (wanted === 0) break;
      const { tooSlow } = body;
      if (tooSlow === undefined) continue;
      body.giveWay(tooSlow);
      wanted -= 1;
    }
    this.#streams(Math.min(wanted, this.#places));
    this.#timer = undefined;
    this.#places = 0;
    this.#rooms = 0;
  }
}
