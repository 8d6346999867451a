import type { Observer, RequestRecord } from './record.js';

/** Passes each record on to several observers, in their order. */
export class Observers implements Observer {
  readonly #observers: readonly Observer[];
  /** Absent where one of them wants the record of every request. */
  readonly passed: Observer['passed'];

  constructor(...observers: Observer[]) {
    this.#observers = observers;
    if (observers.some(({ passed }) => passed === undefined)) return;
    this.passed = (endpoint, client, upstreamMicros) => {
      for (const observer of observers) observer.passed?.(endpoint, client, upstreamMicros);
    };
  }

  request(record: RequestRecord): void {
    for (const observer of this.#observers) observer.request(record);
  }
}
