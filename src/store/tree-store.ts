import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Database } from './database.js';

/** Trees that are kept; one of France takes about two megabytes. */
const KEPT = 3;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The last trees that were in use, by their versions. Its methods reject where the database does not answer. */
export class TreeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes that a tree is in use, and forgets those that were in use the longest ago. */
  async keep(version: string, snapshot: () => Uint8Array): Promise<void> {
    const known = await this.#database.query(
      'UPDATE territory.history_trees SET used = clock_timestamp() WHERE version = $1 RETURNING version',
      [version],
    );
    if (known.length > 0) return;
    await this.#database.query(
      `INSERT INTO territory.history_trees AS t (version, used, snapshot) VALUES ($1, clock_timestamp(), $2::bytea)
       ON CONFLICT (version) DO UPDATE SET used = excluded.used`,
      [version, await compress(snapshot())],
    );
    await this.#database.query(
      `DELETE FROM territory.history_trees WHERE version NOT IN
         (SELECT version FROM territory.history_trees ORDER BY used DESC, version LIMIT ${KEPT})`,
    );
  }

  /** The snapshot of a version, where it is kept. */
  async find(version: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#database.query<{ snapshot: Uint8Array }>(
      'SELECT snapshot FROM territory.history_trees WHERE version = $1',
      [version],
    );
    return row === undefined ? undefined : decompress(row.snapshot);
  }
}
