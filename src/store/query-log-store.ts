import type { QueryLine } from '../stats/query-log.js';
import type { Database } from './database.js';
import { deleteInParts } from './delete-in-parts.js';
import { storableJson } from './storable.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Lines that are held while the database does not answer. */
const LINES_HELD = 10_000;
const LINES_WRITTEN = 1000;

/** Keeps the query log in the table `territory.query_log`: gathered in memory, written in batches. */
export class QueryLogStore {
  readonly #database: Database;
  readonly #retentionMs: number;
  readonly #now: () => number;
  #held: QueryLine[] = [];
  #pruned = 0;
  #writing: Promise<void> | undefined;
  /** Lines that were dropped because the database did not answer for too long. */
  lost = 0;

  constructor(database: Database, retentionDays: number, now: () => number = Date.now) {
    this.#database = database;
    this.#retentionMs = retentionDays * DAY_MS;
    this.#now = now;
  }

  add(lines: readonly QueryLine[]): void {
    for (const line of lines) this.#held.push(line);
    const over = this.#held.length - LINES_HELD;
    if (over <= 0) return;
    this.#held.splice(0, over);
    this.lost += over;
  }

  /** Writes what is held, and drops what is past its time once an hour. Rejects where the database does not answer; then it is still held. */
  write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#held.length > 0) {
      const lines = this.#held.slice(0, LINES_WRITTEN);
      // In one text: a list of lists of codes is no array of Postgres.
      await this.#database.query(
        `INSERT INTO territory.query_log (time, endpoint, outcome, status, codes, line)
         SELECT to_timestamp((q ->> 'time')::float8 / 1000), q ->> 'endpoint', q ->> 'outcome',
                (q ->> 'status')::smallint, ARRAY(SELECT jsonb_array_elements_text(q -> 'codes')), q -> 'line'
           FROM jsonb_array_elements($1::jsonb) AS q`,
        [storableJson(lines)],
      );
      const written = new Set(lines);
      this.#held = this.#held.filter((line) => !written.has(line));
    }
    const now = this.#now();
    if (now - this.#pruned < HOUR_MS) return;
    await deleteInParts(this.#database.query, 'territory.query_log', 'time < to_timestamp($1 / 1000.0::float8)', [
      now - this.#retentionMs,
    ]);
    this.#pruned = now;
  }
}
