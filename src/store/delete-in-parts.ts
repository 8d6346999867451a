import type { Query } from './database.js';

const ROWS = 20_000;

/**
 * Deletes the rows of a table, so many in one statement: after a long standstill there may be millions, and one statement
 * for all of them would be given up each time before it ends.
 * @param condition in SQL, with the `values`
 */
export async function deleteInParts(
  query: Query,
  table: string,
  condition: string,
  values: readonly unknown[],
): Promise<void> {
  for (let gone = ROWS; gone === ROWS; ) {
    const [row] = await query<{ count: number }>(
      `WITH gone AS (
         DELETE FROM ${table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${ROWS}))
         RETURNING 1)
       SELECT count(*)::int AS count FROM gone`,
      values,
    );
    gone = row?.count ?? 0;
  }
}
