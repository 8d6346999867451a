import type { Observer, RequestRecord } from './record.js';

/** Passes each record on to several observers, in their order. */
export class Observers implements Observer {
  readonly #observers: readonly Observer[];

  constructor(...observers: Observer[]) {
    this.#observers = observers;
  }

  request(record: RequestRecord): void {
    for (const observer of this.#observers) observer.request(record);
  }
}
