import type { CodePlaces } from './groups.js';
import type { Observer, RequestRecord } from './record.js';
import { Tally } from './tally.js';

/** Gets what was counted since the last time. It must not keep the tally, nor change it. */
export interface TallyReceiver {
  add(tally: Tally): void;
}

/**
 * Counts each request once, and hands on what it counted: to the metrics, the statistics and the history of this
 * process, or to another process. So the cost of a request does not grow with what is made of it.
 */
export class Counting implements Observer {
  readonly #places: (CodePlaces & { refresh(): void }) | undefined;
  readonly #receivers: readonly TallyReceiver[];
  #tally = new Tally();
  #anything = false;

  constructor(receivers: readonly TallyReceiver[], places?: CodePlaces & { refresh(): void }) {
    this.#receivers = receivers;
    this.#places = places;
  }

  request(record: RequestRecord): void {
    this.#anything = true;
    this.#tally.record(record, this.#places);
  }

  passed(endpoint: string, client: string, upstreamMicros: number | undefined): void {
    this.#anything = true;
    this.#tally.passed(endpoint, client, upstreamMicros);
  }

  /** How busy this process is: see `Tally.look`. */
  look(inFlight: number, memory: number, loopDelay: number): void {
    this.#anything = true;
    this.#tally.look(inFlight, memory, loopDelay);
  }

  /** Hands on what was counted so far: about once a second, and before anything is shown. */
  flush(): void {
    this.#places?.refresh();
    if (!this.#anything) return;
    const tally = this.#tally;
    this.#tally = new Tally();
    this.#anything = false;
    this.add(tally);
  }

  /** Hands on what another process counted. */
  add(tally: Tally): void {
    for (const receiver of this.#receivers) receiver.add(tally);
  }
}
