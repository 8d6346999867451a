import { Outgoing } from '../stats/history/outgoing.js';
import type { BatchId } from '../stats/history/types.js';
import type { QueryLine } from '../stats/query-log.js';
import type { Database } from './database.js';
import { deleteInParts } from './delete-in-parts.js';
import { storableJson } from './storable.js';
import { isNew } from './written-once.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Lines that are held while the database does not answer. */
const LINES_HELD = 10_000;
const LINES_WRITTEN = 1000;

export interface QueryLogStoreOptions {
  readonly retentionDays: number;
  /** Told of lines that are lost, and why: once the database answers again. */
  readonly lost: (lines: number, why: string) => void;
  readonly now?: () => number;
}

/** Keeps the query log in the table `territory.query_log`: gathered in memory, written in batches. */
export class QueryLogStore {
  readonly #database: Database;
  readonly #retentionMs: number;
  readonly #lost: QueryLogStoreOptions['lost'];
  readonly #now: () => number;
  readonly #batch = new Outgoing<readonly QueryLine[]>();
  #held: QueryLine[] = [];
  #pruned = 0;
  #writing: Promise<void> | undefined;
  /** Lines that were dropped because the database did not answer for too long, and were not told of. */
  #dropped = 0;

  constructor(database: Database, { retentionDays, lost, now = Date.now }: QueryLogStoreOptions) {
    this.#database = database;
    this.#retentionMs = retentionDays * DAY_MS;
    this.#lost = lost;
    this.#now = now;
  }

  add(lines: readonly QueryLine[]): void {
    for (const line of lines) this.#held.push(line);
    const over = this.#held.length - LINES_HELD;
    if (over <= 0) return;
    this.#held.splice(0, over);
    this.#dropped += over;
  }

  /** Writes what is held, and drops what is past its time once an hour. Rejects where the database does not answer; then it is still held. */
  write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const next = () =>
      this.#batch.send(
        () => this.#next(),
        (lines, id) => this.#insert(lines, id),
      );
    for (let sent = await next(); sent !== undefined; sent = await next()) {
      if (sent.refusal !== undefined)
        this.#lost(sent.content.length, `the database refused them: ${sent.refusal.message}`);
    }
    if (this.#dropped > 0) this.#lost(this.#dropped, 'the database did not answer for too long');
    this.#dropped = 0;
    const now = this.#now();
    if (now - this.#pruned < HOUR_MS) return;
    await deleteInParts(this.#database.query, 'territory.query_log', 'time < to_timestamp($1 / 1000.0::float8)', [
      now - this.#retentionMs,
    ]);
    this.#pruned = now;
  }

  #next(): readonly QueryLine[] | undefined {
    return this.#held.length === 0 ? undefined : this.#held.splice(0, LINES_WRITTEN);
  }

  async #insert(lines: readonly QueryLine[], id: BatchId): Promise<void> {
    const written = storableJson(lines);
    await this.#database.transaction(async (query) => {
      if (!(await isNew(query, id))) return;
      // In one text: a list of lists of codes is no array of Postgres.
      await query(
        `INSERT INTO territory.query_log (time, endpoint, outcome, status, codes, line)
         SELECT to_timestamp((q ->> 'time')::float8 / 1000), q ->> 'endpoint', q ->> 'outcome',
                (q ->> 'status')::smallint, ARRAY(SELECT jsonb_array_elements_text(q -> 'codes')), q -> 'line'
           FROM jsonb_array_elements($1::jsonb) AS q`,
        [written],
      );
    });
  }
}
