import type { Observer, RequestRecord } from './record.js';

/**
 * Keeps what goes wrong in an observer from the request that it is told of: a fault in the statistics costs statistics,
 * never an answer.
 */
export class GuardedObserver implements Observer {
  readonly #observer: Observer;
  readonly #failed: (error: unknown) => void;
  /** Absent where the observer has none. */
  readonly passed: Observer['passed'];

  /** @param failed told what was thrown; must not throw itself */
  constructor(observer: Observer, failed: (error: unknown) => void) {
    this.#observer = observer;
    this.#failed = failed;
    if (observer.passed === undefined) return;
    this.passed = (endpoint, client, upstreamMicros) => {
      try {
        observer.passed?.(endpoint, client, upstreamMicros);
      } catch (error) {
        failed(error);
      }
    };
  }

  request(record: RequestRecord): void {
    try {
      this.#observer.request(record);
    } catch (error) {
      this.#failed(error);
    }
  }
}
