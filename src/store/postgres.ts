import { Socket } from 'node:net';
import pg from 'pg';
import type { Database, Query } from './database.js';
import { inTransaction } from './transaction.js';

/** For a connection to be made and greeted. */
const CONNECT_MS = 5_000;
/** For a statement, until the server gives it up. */
const STATEMENT_MS = 15_000;
/** Beyond that, for its answer: a server that is gone without a word gives nothing up. */
const SILENCE_MS = 5_000;
const GOODBYE_MS = 1_000;

export interface PostgresOptions {
  readonly connections?: number;
  /** Milliseconds for a statement, until the server gives it up. */
  readonly statementMs?: number;
  /** Milliseconds beyond that until a server that says nothing counts as gone. */
  readonly silenceMs?: number;
}

/**
 * A database on a Postgres server, reached through a small pool. A connection that the server closes is replaced by
 * itself. One that answers nothing any more says that the others will not either: all are cut, what waits on them fails
 * at once, and the database is `broken`, to be opened anew.
 */
export class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #sockets = new Set<Socket>();
  #broken = false;

  /** @param url `postgres://user:password@host:port/database`, with `sslmode` and the like as libpq names them */
  constructor(url: string, options: PostgresOptions = {}) {
    const { connections = 4, statementMs = STATEMENT_MS, silenceMs = SILENCE_MS } = options;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      statement_timeout: statementMs,
      query_timeout: statementMs + silenceMs,
      // A proxy that is cut off in the middle of a write would hold the others up until the server misses it: hours.
      idle_in_transaction_session_timeout: statementMs,
      application_name: 'territory-proxy',
      stream: () => this.#socket(),
    });
    // An idle connection that breaks is no fault of a query: the next one gets another, or its own error.
    this.#pool.on('error', () => undefined);
  }

  get broken(): boolean {
    return this.#broken;
  }

  readonly query: Query = (sql, values) => this.session((query) => query(sql, values));

  async session<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let lost: Error | undefined;
    const onError = (error: Error): void => {
      lost = error;
    };
    client.on('error', onError);
    try {
      return await work(async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        // On a connection that answers nothing even a ROLLBACK would wait.
        if (lost !== undefined) throw lost;
        try {
          return rowsOf<Row>(await client.query(sql, values as unknown[]));
        } catch (error) {
          if (!(error instanceof pg.DatabaseError)) {
            lost ??= error as Error;
            if (isSilence(error)) this.#cut();
          }
          throw error;
        }
      });
    } finally {
      client.off('error', onError);
      client.release(lost);
    }
  }

  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.session((query) => inTransaction(query, work));
  }

  close(): Promise<void> {
    // A server that is gone takes no goodbye, and a connection that waits for one holds the process up.
    setTimeout(() => this.#cut(), GOODBYE_MS).unref();
    return this.#pool.end();
  }

  #socket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  }

  #cut(): void {
    this.#broken = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Several statements in one text give several results; the last counts. */
function rowsOf<Row>(result: pg.QueryResult | pg.QueryResult[]): Row[] {
  return ((Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []) as Row[];
}

/** Whether no answer came within `query_timeout`: the library has no other name for that. */
function isSilence(error: unknown): boolean {
  return (error as Error).message === 'Query read timeout';
}
