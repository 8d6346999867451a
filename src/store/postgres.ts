import pg from 'pg';
import type { Database, Query } from './database.js';
import { inTransaction } from './transaction.js';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;

/** A database on a Postgres server, reached through a small pool. Connections that broke are replaced by themselves. */
export class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;

  /** @param url `postgres://user:password@host:port/database`, with `sslmode` and the like as libpq names them */
  constructor(url: string, options: { connections?: number } = {}) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: options.connections ?? 4,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      statement_timeout: STATEMENT_MS,
      // A server that is gone without a word answers no statement at all.
      query_timeout: STATEMENT_MS + CONNECT_MS,
      application_name: 'territory-proxy',
    });
    // An idle connection that breaks is no fault of a query: the next one gets another, or its own error.
    this.#pool.on('error', () => undefined);
  }

  readonly query: Query = async <Row extends object>(sql: string, values?: readonly unknown[]) => {
    return rowsOf<Row>(await this.#pool.query(sql, values as unknown[]));
  };

  async session<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        return rowsOf<Row>(await client.query(sql, values as unknown[]));
      });
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.session((query) => inTransaction(query, work));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** Several statements in one text give several results; the last counts. */
function rowsOf<Row>(result: pg.QueryResult | pg.QueryResult[]): Row[] {
  return ((Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []) as Row[];
}
