import type { Query } from './database.js';

/** Between BEGIN and COMMIT, or ROLLBACK where `work` rejects; its error is the one that is told. */
export async function inTransaction<T>(query: Query, work: (query: Query) => Promise<T>): Promise<T> {
  await query('BEGIN');
  let result: T;
  try {
    result = await work(query);
  } catch (error) {
    // On a connection that broke there is nothing left to roll back.
    await query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await query('COMMIT');
  return result;
}
