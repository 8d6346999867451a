import type { History } from './history.js';
import type { SeriesName } from './series.js';
import { type Delivery, type HistoryStore, type Mark, STEP_MS } from './types.js';

const SERIES: SeriesName = 'deliveries';

/**
 * Takes in what loaders tell of their deliveries: each is counted, and marked in every chart. One that has a name is
 * counted once, by whichever proxies it is told of: the store, which all of them share, sees to that, so it is written
 * there before the loader has its answer.
 */
export class Deliveries {
  readonly #history: Pick<History, 'mark' | 'record'>;
  readonly #store: Pick<HistoryStore, 'deliver'>;
  readonly #now: () => number;

  constructor(
    history: Pick<History, 'mark' | 'record'>,
    store: Pick<HistoryStore, 'deliver'>,
    now: () => number = Date.now,
  ) {
    this.#history = history;
    this.#store = store;
    this.#now = now;
  }

  /**
   * Rejects where it has a name and the store does not answer. Whether it was counted is not known then; told again, it
   * is counted once all the same.
   * @returns false where it was told before
   */
  async take(delivery: Delivery): Promise<boolean> {
    const { id } = delivery;
    const now = this.#now();
    const counts = countsOf(delivery);
    if (id !== undefined) {
      const time = Math.floor(now / STEP_MS.minute) * STEP_MS.minute;
      const points = counts.map((count) => ({ name: SERIES, time, ...count }));
      return this.#store.deliver(id, { ...markOf(delivery, now), key: `delivery ${id}` }, points);
    }
    for (const { key, count, sum } of counts) this.#history.record(SERIES, key, count, sum);
    this.#history.mark(markOf(delivery, now));
    return true;
  }
}

/** By the kind of change. That one came counts also where it brought nothing. */
function countsOf({ changes }: Delivery): { key: string; count: number; sum: number }[] {
  const { CREATE = 0, AMEND = 0, REMOVE = 0 } = changes;
  const counts = Object.entries({ CREATE, AMEND, REMOVE }).flatMap(([key, count]) =>
    count > 0 ? [{ key, count, sum: count }] : [],
  );
  return counts.length > 0 ? counts : [{ key: 'NONE', count: 1, sum: 0 }];
}

function markOf({ source, changes }: Delivery, time: number): Mark {
  const { CREATE = 0, AMEND = 0, REMOVE = 0 } = changes;
  return {
    time,
    kind: 'delivery',
    text: `${source === undefined ? '' : `${source}: `}${CREATE} CREATE, ${AMEND} AMEND, ${REMOVE} REMOVE`,
    data: { ...(source === undefined ? {} : { source }), CREATE, AMEND, REMOVE },
  };
}
