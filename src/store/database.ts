/** Runs one statement with its values (`$1`, `$2`, …) and gives its rows. Without values several statements may stand in one text. */
export type Query = <Row extends object = Record<string, unknown>>(
  sql: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/**
 * A database that speaks Postgres's SQL: a server, or one embedded in this process. Its tables are in the schema
 * `territory`, which every statement names. Whole numbers of 64 bits come as texts or numbers: cast them to `float8`.
 * Every method rejects where the database can't be reached; the next call tries again.
 */
export interface Database {
  readonly kind: 'postgres' | 'embedded';
  /** It answers nothing any more and must be opened anew. */
  readonly broken?: boolean;
  readonly query: Query;
  /** Runs `work` on one connection of its own. */
  session<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Waits for what is under way, then lets go of everything. */
  close(): Promise<void>;
}
