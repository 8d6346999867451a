import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/**
 * The thread in which the embedded database runs: WebAssembly that answers one statement at a time, and blocks its
 * thread meanwhile, so it must not be the one that serves requests. Told `{id, sql, values}` it answers `{id, rows}` or
 * `{id, error}`; told `{id, close: true}` it ends.
 */
export interface ThreadRequest {
  readonly id: number;
  readonly sql?: string;
  readonly values?: readonly unknown[];
  readonly close?: true;
}

export type ThreadAnswer =
  | { readonly id: number; readonly rows: object[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code?: string | undefined } };

/** `id` of the answer that tells whether the database could be opened. */
export const OPENED = 0;

/** Postgres's own defaults are for a server: 128 MB of shared buffers alone would double the memory of a proxy. */
const SMALL = ['-c', 'shared_buffers=4MB', '-c', 'wal_buffers=256kB', '-c', 'max_wal_size=32MB'];

const port = parentPort;
if (port !== null) {
  const { folder } = workerData as { folder: string };
  const tell = (answer: ThreadAnswer) => port.postMessage(answer);
  const opened = PGlite.create({ dataDir: folder, startParams: [...PGlite.defaultStartParams, ...SMALL] });
  opened.then(
    () => tell({ id: OPENED, rows: [] }),
    (error: unknown) => tell({ id: OPENED, error: described(error) }),
  );
  port.on('message', async ({ id, sql, values, close }: ThreadRequest) => {
    try {
      const database = await opened;
      if (close) await database.close();
      tell({ id, rows: sql === undefined ? [] : await run(database, sql, values) });
      if (close) process.exit(); // of the thread alone
    } catch (error) {
      tell({ id, error: described(error) });
    }
  });
}

async function run(database: PGlite, sql: string, values: readonly unknown[] | undefined): Promise<object[]> {
  if (values !== undefined && values.length > 0) return (await database.query<object>(sql, [...values])).rows;
  const results = await database.exec(sql);
  return (results.at(-1)?.rows ?? []) as object[];
}

function described(error: unknown): { message: string; code?: string | undefined } {
  const { message, code } = error as { message?: unknown; code?: unknown };
  return { message: String(message ?? error), code: typeof code === 'string' ? code : undefined };
}
