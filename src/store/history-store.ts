import { SERIES_NAMES, type SeriesName } from '../stats/history/series.js';
import {
  type BatchId,
  type HistoryQuery,
  type HistoryStore,
  KEPT_MS,
  type Mark,
  OTHER_KEY,
  SAME_DELIVERY_MS,
  SAME_MARK_MS,
  type SeriesPoint,
  STEP_MS,
  STEPS,
  type Step,
} from '../stats/history/types.js';
import type { Database, Query } from './database.js';
import { deleteInParts } from './delete-in-parts.js';
import { addRows, rowsOf } from './history-rows.js';
import { storableJson, storableText } from './storable.js';
import { isNew } from './written-once.js';

/** Of the advisory lock under which points and marks are written. */
const WRITE_LOCK = 7_241_860_001;
/** Keys of a series that a finished hour or day keeps by name; the others are one together. */
export const KEYS_KEPT: Readonly<Record<Step, number>> = { minute: Number.POSITIVE_INFINITY, hour: 300, day: 300 };
/** How long a writer may be silent until its last batch is forgotten. */
const WRITER_MS = 7 * STEP_MS.day;

/** The history in a database. One writer after the other, for a few milliseconds each. */
export class DatabaseHistoryStore implements HistoryStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async write(points: readonly SeriesPoint[], batch?: BatchId): Promise<void> {
    if (points.length === 0) return;
    const rows = rowsOf(points, this.#now());
    await this.#write(batch, (query) => addRows(query, rows));
  }

  async read({
    names,
    keys,
    from,
    to,
    step,
    sketches = true,
    total = false,
    most,
  }: HistoryQuery): Promise<SeriesPoint[]> {
    const rows = await this.#database.query<{
      name: SeriesName;
      key: string;
      time: number;
      count: number;
      sum: number;
      sketch: Uint8Array | null;
    }>(
      // The bound stands before the order, so that what is too much is not sorted first.
      `SELECT * FROM (
         SELECT name, ${total ? "'' AS key" : 'key'}, (extract(epoch FROM time) * 1000)::float8 AS time,
                ${total ? 'sum(count)::float8 AS count, sum(sum) AS sum' : 'count::float8 AS count, sum'},
                ${sketches ? (total ? '(array_agg(sketch))[1] AS sketch' : 'sketch') : 'NULL AS sketch'}
           FROM territory.history_points
          WHERE step = $1 AND name = ANY($2) AND time >= to_timestamp($3 / 1000.0::float8)
            AND time < to_timestamp($4 / 1000.0::float8) AND ($5::text[] IS NULL OR key = ANY($5::text[]))
          ${total ? 'GROUP BY name, history_points.time' : ''}
          LIMIT $6::bigint) AS points
        ORDER BY name, key, time`,
      [STEPS.indexOf(step), names ?? SERIES_NAMES, from, to, keys ?? null, most ?? null],
    );
    return rows.map(({ sketch, ...point }) => (sketch === null ? point : { ...point, sketch: new Uint8Array(sketch) }));
  }

  async mark(mark: Mark, batch?: BatchId): Promise<void> {
    await this.#write(batch, (query) => addMark(query, mark));
  }

  async deliver(name: string, mark: Mark, points: readonly SeriesPoint[]): Promise<boolean> {
    const rows = rowsOf(points, this.#now());
    const written = await this.#write(undefined, async (query) => {
      const [told] = await query(
        `INSERT INTO territory.history_deliveries AS d (name, told) VALUES ($1, to_timestamp($2 / 1000.0::float8))
         ON CONFLICT (name) DO UPDATE SET told = excluded.told
          WHERE d.told <= excluded.told - ${SAME_DELIVERY_MS} * interval '1 millisecond'
         RETURNING name`,
        [storableText(name), mark.time],
      );
      if (told === undefined) return false;
      await addMark(query, mark);
      await addRows(query, rows);
      return true;
    });
    return written === true;
  }

  async marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<Mark[]> {
    const rows = await this.#database.query<Omit<Mark, 'key'> & { key: string | null }>(
      `SELECT (extract(epoch FROM time) * 1000)::float8 AS time, kind, text, data, key FROM territory.history_marks
        WHERE time >= to_timestamp($1 / 1000.0::float8) AND time < to_timestamp($2 / 1000.0::float8)
          AND ($3::text[] IS NULL OR kind = ANY($3::text[]))
        ORDER BY history_marks.time, id`,
      [from, to, kinds ?? null],
    );
    return rows.map(({ key, ...mark }) => (key === null ? mark : { ...mark, key }));
  }

  async tidy(now: number): Promise<void> {
    for (const [i, step] of STEPS.entries()) {
      await this.#fold(i, step, now);
      if (KEPT_MS[step] === Number.POSITIVE_INFINITY) continue;
      await deleteInParts(
        this.#database.query,
        'territory.history_points',
        'step = $1 AND name = ANY($2) AND time < to_timestamp($3 / 1000.0::float8)',
        [i, SERIES_NAMES, now - KEPT_MS[step]],
      );
    }
    await this.#database.query(
      `DELETE FROM territory.history_deliveries WHERE told < to_timestamp($1 / 1000.0::float8)`,
      [now - SAME_DELIVERY_MS],
    );
    await this.#database.query(`DELETE FROM territory.history_writers WHERE seen < to_timestamp($1 / 1000.0::float8)`, [
      now - WRITER_MS,
    ]);
    // A server does that by itself.
    if (this.#database.kind === 'embedded') await this.#database.query('VACUUM territory.history_points');
  }

  /** Adds up the keys beyond the largest of each finished hour or day, so that no flood of codes is kept for good. */
  async #fold(step: number, name: Step, now: number): Promise<void> {
    const kept = KEYS_KEPT[name];
    if (!Number.isFinite(kept)) return;
    await this.#write(undefined, async (query) => {
      // Late points may come for two days, as long as a process may hold them.
      await query(
        `WITH ranked AS (
           SELECT name, time, key,
                  row_number() OVER (PARTITION BY name, time ORDER BY count DESC, key) AS place
             FROM territory.history_points
            WHERE step = $1 AND name = ANY($2) AND key <> $3 AND sketch IS NULL
              AND time >= to_timestamp($4 / 1000.0::float8) AND time < to_timestamp($5 / 1000.0::float8)),
         gone AS (
           DELETE FROM territory.history_points p USING ranked r
            WHERE p.step = $1 AND p.name = r.name AND p.time = r.time AND p.key = r.key AND r.place > ${kept}
           RETURNING p.name, p.time, p.count, p.sum)
         INSERT INTO territory.history_points AS p (step, name, time, key, count, sum)
         SELECT $1, name, time, $3, sum(count), sum(sum) FROM gone GROUP BY name, time
         ON CONFLICT (step, name, time, key) DO UPDATE SET count = p.count + excluded.count, sum = p.sum + excluded.sum`,
        [step, SERIES_NAMES, OTHER_KEY, now - 3 * STEP_MS.day, Math.floor(now / STEP_MS[name]) * STEP_MS[name]],
      );
    });
  }

  /** Writes in one transaction, one writer after the other. Gives `undefined` where the batch was written before. */
  #write<T>(batch: BatchId | undefined, work: (query: Query) => Promise<T>): Promise<T | undefined> {
    return this.#database.transaction(async (query) => {
      await query(`SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
      return batch === undefined || (await isNew(query, batch)) ? work(query) : undefined;
    });
  }
}

/** Adds a mark, unless it is of an event that another proxy told of. */
async function addMark(query: Query, { time, kind, text, data, key }: Mark): Promise<void> {
  await query(
    `INSERT INTO territory.history_marks (time, kind, text, data, key)
     SELECT to_timestamp($1 / 1000.0::float8), $2, $3, $4::jsonb, $5
      WHERE $5::text IS NULL OR NOT EXISTS (
        SELECT FROM territory.history_marks same
         WHERE key = $5 AND kind = $2 AND abs(extract(epoch FROM time) * 1000 - $1) < ${SAME_MARK_MS}
           AND NOT EXISTS (
             SELECT FROM territory.history_marks gone
              WHERE gone.kind = 'tree' AND gone.kind = same.kind AND gone.time > same.time
                AND gone.time < to_timestamp($1 / 1000.0::float8) AND gone.data->>'from' = $4::jsonb->>'to'))`,
    [time, kind, storableText(text), storableJson(data), key === undefined ? null : storableText(key)],
  );
}
