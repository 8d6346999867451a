import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';
import type { Database, Query } from './database.js';

/** The SQL files lie beside the sources, of which the package brings this folder: the compiler copies none. */
const FOLDER = fileURLToPath(new URL('../../src/store/migrations', import.meta.url));
const SCHEMA = 'territory';
const TABLE = 'migrations';

export interface MigrationReport {
  /** What was run now, in order. */
  readonly applied: readonly string[];
  /** All that the database has been through, in order. */
  readonly migrations: readonly string[];
}

/** The database was made by a newer territory-proxy. */
export class DatabaseTooNewError extends Error {
  override readonly name = 'DatabaseTooNewError';

  constructor(readonly unknown: readonly string[]) {
    super(`the database has migrations that this version does not know (${unknown.join(', ')}): use a newer version`);
  }
}

/**
 * Brings the tables of the schema `territory` to what this version needs, in one transaction under an advisory lock, so
 * that of several that start at once one does it and the others wait. Where nothing is to do, it needs no right but to
 * read.
 */
export async function migrate(database: Database): Promise<MigrationReport> {
  const known = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const before = await appliedMigrations(database.query);
  const unknown = before.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown);
  if (before.length === known.length) return { applied: [], migrations: before };
  // The library and what it brings along are loaded only where there is something to do.
  const { runner } = await import('node-pg-migrate');
  const applied = await database.session(async (query) => {
    try {
      const ran = await runner({
        dbClient: asClient(query),
        dir: FOLDER,
        direction: 'up',
        schema: SCHEMA,
        createSchema: true,
        migrationsSchema: SCHEMA,
        createMigrationsSchema: true,
        migrationsTable: TABLE,
        advisoryLockMode: 'wait',
        logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      });
      return ran.map(({ name }) => name);
    } finally {
      // The connection goes back to others. One that broke has no search path any more.
      await query('RESET search_path').catch(ignore);
    }
  });
  return { applied, migrations: await appliedMigrations(database.query) };
}

async function appliedMigrations(query: Query): Promise<string[]> {
  const [found] = await query<{ there: boolean }>(`SELECT to_regclass('${SCHEMA}.${TABLE}') IS NOT NULL AS there`);
  if (!found?.there) return [];
  const rows = await query<{ name: string }>(`SELECT name FROM ${SCHEMA}.${TABLE} ORDER BY run_on, id`);
  return rows.map(({ name }) => name);
}

/** What the library asks of a client of `pg`. */
function asClient(query: Query): ClientBase {
  const client = {
    async query(request: string | { text: string; values?: unknown[] }, values?: unknown[]) {
      const { text, values: own } = typeof request === 'string' ? { text: request, values } : request;
      const rows = await query(text, own ?? values);
      return { rows, rowCount: rows.length };
    },
  };
  return client as unknown as ClientBase;
}

function ignore(): void {}
