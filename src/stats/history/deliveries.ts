import type { History } from './history.js';
import type { Delivery } from './types.js';

/** How long a delivery that is told again is the same one. */
const KNOWN_MS = 7 * 86_400_000;
/** Names that are remembered until the database has them. */
const NAMES_HELD = 1000;

/** Takes in what loaders tell of their deliveries: each is counted once, and marked in every chart. */
export class Deliveries {
  readonly #history: Pick<History, 'marks' | 'mark' | 'record'>;
  readonly #now: () => number;
  readonly #names = new Set<string>();

  constructor(history: Pick<History, 'marks' | 'mark' | 'record'>, now: () => number = Date.now) {
    this.#history = history;
    this.#now = now;
  }

  /**
   * Rejects where it has a name and the database, which knows the names, does not answer: nothing is counted then.
   * @returns false where it was told before
   */
  async take({ id, source, changes }: Delivery): Promise<boolean> {
    const key = id === undefined ? undefined : `delivery ${id}`;
    if (key !== undefined && !(await this.#isNew(key))) return false;
    const { CREATE = 0, AMEND = 0, REMOVE = 0 } = changes;
    for (const [change, count] of Object.entries({ CREATE, AMEND, REMOVE })) {
      if (count > 0) this.#history.record('deliveries', change, count);
    }
    // That one came is told also where it brought nothing.
    if (CREATE + AMEND + REMOVE === 0) this.#history.record('deliveries', 'NONE', 1, 0);
    this.#history.mark({
      time: this.#now(),
      kind: 'delivery',
      text: `${source === undefined ? '' : `${source}: `}${CREATE} CREATE, ${AMEND} AMEND, ${REMOVE} REMOVE`,
      data: { ...(source === undefined ? {} : { source }), CREATE, AMEND, REMOVE },
      ...(key === undefined ? {} : { key }),
    });
    return true;
  }

  async #isNew(key: string): Promise<boolean> {
    if (this.#names.has(key)) return false;
    this.#names.add(key);
    for (const name of this.#names) {
      if (this.#names.size <= NAMES_HELD) break;
      this.#names.delete(name);
    }
    try {
      const now = this.#now();
      const marks = await this.#history.marks(now - KNOWN_MS, now + 1, ['delivery']);
      return !marks.some((mark) => mark.key === key);
    } catch (error) {
      this.#names.delete(key);
      throw error;
    }
  }
}
