import type { BatchId } from '../stats/history/types.js';
import type { Query } from './database.js';

/**
 * Whether a batch was not written yet; notes that it is now, in the transaction in which it is written. One that is still
 * being written by a connection that its client gave up is waited for.
 */
export async function isNew(query: Query, { writer, sequence }: BatchId): Promise<boolean> {
  const rows = await query(
    `INSERT INTO territory.history_writers AS w (writer, sequence) VALUES ($1, $2)
     ON CONFLICT (writer) DO UPDATE SET sequence = excluded.sequence, seen = now() WHERE w.sequence < excluded.sequence
     RETURNING writer`,
    [writer, sequence],
  );
  return rows.length > 0;
}
