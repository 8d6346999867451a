import type { Database, Query } from './database.js';

/**
 * A database that is opened and brought up to date when it is first needed, and opened anew where that failed or the
 * one there was is gone. So whoever uses it need not care whether it was there at the start.
 */
export class ManagedDatabase implements Database {
  readonly #open: () => Promise<Database>;
  #current: Promise<Database> | undefined;
  #closed = false;

  /** @param open opens the database and migrates it */
  constructor(
    readonly kind: Database['kind'],
    open: () => Promise<Database>,
  ) {
    this.#open = open;
  }

  /** Whether it is open, or being opened. */
  get opened(): boolean {
    return this.#current !== undefined;
  }

  readonly query: Query = async (sql, values) => (await this.#database()).query(sql, values);

  async session<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return (await this.#database()).session(work);
  }

  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return (await this.#database()).transaction(work);
  }

  /** For good: nothing is opened any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const database = await current.catch(() => undefined); // it never opened
    await database?.close();
  }

  async #database(): Promise<Database> {
    if (this.#closed) throw new Error('the database was closed');
    const current = this.#current;
    if (current !== undefined) {
      const database = await current;
      if (database.broken !== true) return database;
      if (this.#current === current) {
        this.#current = undefined;
        // It is broken: that it can't be closed well is nothing new.
        database.close().catch(() => undefined);
      }
    }
    this.#current ??= this.#opening();
    return this.#current;
  }

  #opening(): Promise<Database> {
    const opening: Promise<Database> = this.#open().catch((error: unknown) => {
      if (this.#current === opening) this.#current = undefined;
      throw error;
    });
    return opening;
  }
}
