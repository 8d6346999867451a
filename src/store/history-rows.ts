import { KEPT_MS, type SeriesPoint, STEP_MS, STEPS, type Step } from '../stats/history/types.js';
import { Quantiles } from '../stats/quantiles.js';
import type { Query } from './database.js';

/** Rows of one statement. */
const ROWS = 5_000;

/** A point of a step, as it is added to `territory.history_points`. */
export interface HistoryRow extends Omit<SeriesPoint, 'sketch'> {
  readonly step: number;
  sketch: Quantiles | undefined;
}

/** Points of minutes, added up by every step. */
export function rowsOf(points: readonly SeriesPoint[], now: number): HistoryRow[] {
  return STEPS.flatMap((step) => rowsOfStep(points, step, now));
}

/** Adds rows to what is there. Nobody else may write any meanwhile: sketches are merged here, between reading and writing. */
export async function addRows(query: Query, rows: readonly HistoryRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS) await upsert(query, rows.slice(at, at + ROWS));
}

/** Minutes that would be dropped at once are left out. */
function rowsOfStep(points: readonly SeriesPoint[], step: Step, now: number): HistoryRow[] {
  const oldest = now - KEPT_MS[step];
  const rows = new Map<string, HistoryRow & { count: number; sum: number }>();
  for (const { name, key, time: at, count, sum, sketch } of points) {
    const time = Math.floor(at / STEP_MS[step]) * STEP_MS[step];
    if (time < oldest) continue;
    const id = `${time} ${name} ${key}`;
    let row = rows.get(id);
    if (row === undefined) {
      row = { step: STEPS.indexOf(step), name, key, time, count: 0, sum: 0, sketch: undefined };
      rows.set(id, row);
    }
    row.count += count;
    row.sum += sum;
    if (sketch === undefined) continue;
    row.sketch ??= new Quantiles();
    row.sketch.add(Quantiles.decode(sketch));
  }
  return [...rows.values()];
}

async function upsert(query: Query, rows: readonly HistoryRow[]): Promise<void> {
  await mergeSketches(query, rows);
  const column = <T>(value: (row: HistoryRow) => T) => rows.map(value);
  await query(
    `INSERT INTO territory.history_points AS p (step, name, time, key, count, sum, sketch)
     SELECT step, name, to_timestamp(time / 1000.0), key, count, sum, decode(sketch, 'hex')
       FROM unnest($1::smallint[], $2::text[], $3::float8[], $4::text[], $5::bigint[], $6::float8[], $7::text[])
         AS new (step, name, time, key, count, sum, sketch)
     ON CONFLICT (step, name, time, key) DO UPDATE SET
       count = p.count + excluded.count, sum = p.sum + excluded.sum, sketch = coalesce(excluded.sketch, p.sketch)`,
    [
      column(({ step }) => step),
      column(({ name }) => name),
      column(({ time }) => time),
      column(({ key }) => key),
      column(({ count }) => count),
      column(({ sum }) => sum),
      column(({ sketch }) => (sketch === undefined ? null : Buffer.from(sketch.encode()).toString('hex'))),
    ],
  );
}

/** Adds to each sketch that is to be written the one that is there. Under the lock nobody else writes meanwhile. */
async function mergeSketches(query: Query, rows: readonly HistoryRow[]): Promise<void> {
  const with_ = rows.filter(({ sketch }) => sketch !== undefined);
  if (with_.length === 0) return;
  const there = await query<{ place: number; sketch: Uint8Array }>(
    `SELECT new.place::int AS place, p.sketch
       FROM unnest($1::smallint[], $2::text[], $3::float8[], $4::text[]) WITH ORDINALITY
         AS new (step, name, time, key, place)
       JOIN territory.history_points p ON p.step = new.step AND p.name = new.name
        AND p.time = to_timestamp(new.time / 1000.0) AND p.key = new.key
      WHERE p.sketch IS NOT NULL`,
    [
      with_.map(({ step }) => step),
      with_.map(({ name }) => name),
      with_.map(({ time }) => time),
      with_.map(({ key }) => key),
    ],
  );
  for (const { place, sketch } of there) with_[place - 1]?.sketch?.add(Quantiles.decode(new Uint8Array(sketch)));
}
