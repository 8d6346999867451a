import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Database, Query } from './database.js';
import { OPENED, type ThreadAnswer, type ThreadRequest } from './embedded-thread.js';
import { lockFolder } from './folder-lock.js';
import { inTransaction } from './transaction.js';

/**
 * The compiled script of the thread. Run from the sources, as tests do, it is that of the last build: a thread is
 * outside of what compiles them.
 */
function threadScript(): string {
  const beside = fileURLToPath(new URL('./embedded-thread.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/store/embedded-thread.js', import.meta.url));
}

/** For a statement, until the thread counts as hanging: ten times what any takes. It can't be told to give one up. */
const SILENCE_MS = 60_000;

export interface EmbeddedOptions {
  /** Milliseconds for a statement until a database that says nothing is given up. */
  readonly silenceMs?: number;
}

/** A statement that the database refused, or that it could not take any more. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';

  constructor(
    message: string,
    /** SQLSTATE, where the database itself said no. */
    readonly code?: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(rows: object[]): void;
  reject(error: Error): void;
}

/** Postgres in WebAssembly (PGlite) on a folder, in a thread of its own. One process at a time can have a folder. */
export class EmbeddedDatabase implements Database {
  readonly kind = 'embedded';
  readonly #worker: Worker;
  readonly #release: () => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  readonly #silenceMs: number;
  #last = OPENED;
  /** Why it is being ended. */
  #reason: Error | undefined;
  #gone: Error | undefined;
  /** The end of what is under way: one connection serves one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(worker: Worker, release: () => void, silenceMs: number) {
    this.#worker = worker;
    this.#release = release;
    this.#silenceMs = silenceMs;
    worker.on('message', (answer: ThreadAnswer) => this.#answered(answer));
    worker.on('error', (error) =>
      this.#end(new EmbeddedDatabaseError(`the embedded database broke: ${error.message}`)),
    );
    this.#exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#end(this.#reason ?? new EmbeddedDatabaseError('the embedded database has ended'));
        resolve();
      });
    });
  }

  /**
   * Opens the database in a folder, and makes it where there is none.
   * @throws FolderLockedError where another process has it, or the error of the file system or of the database
   */
  static async open(folder: string, { silenceMs = SILENCE_MS }: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
    let database: EmbeddedDatabase | undefined;
    const release = await lockFolder(folder, () => void database?.giveUp());
    try {
      const data = join(folder, 'data');
      if (!existsSync(data)) await make(data);
      database = await start(data, release, silenceMs);
      return database;
    } catch (error) {
      release();
      throw error;
    }
  }

  get broken(): boolean {
    return this.#gone !== undefined;
  }

  readonly query: Query = (sql, values) => this.session((query) => query(sql, values));

  session<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => work(this.#run));
    // What went wrong is told to who asked; the next one needs a database that answers.
    this.#turn = mine.catch(() => this.#endIfBroken());
    return mine;
  }

  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.session((query) => inTransaction(query, work));
  }

  async close(): Promise<void> {
    await this.#turn;
    if (this.#gone === undefined) {
      await this.#ask({ close: true });
      this.#worker.ref();
      await this.#exited;
    }
  }

  /** Ends at once, where another process has the folder now. */
  async giveUp(): Promise<void> {
    this.#end(new EmbeddedDatabaseError('the folder of the embedded database was taken by another process'));
    await this.#worker.terminate();
  }

  /**
   * Where its disk took nothing at the wrong moment, a server would start itself anew. This one refuses everything from
   * then on, so it ends, to be opened anew.
   */
  async #endIfBroken(): Promise<void> {
    if (this.#gone !== undefined) return;
    try {
      await this.#run('SELECT 1');
    } catch (error) {
      await this.#stop(new EmbeddedDatabaseError(`the embedded database broke: ${(error as Error).message}`));
    }
  }

  /** Ends the thread, and then lets go of the folder: until the thread is gone nobody else may have it. */
  async #stop(reason: Error): Promise<void> {
    this.#reason ??= reason;
    await this.#worker.terminate();
  }

  /** @internal */
  static from(
    worker: Worker,
    release: () => void,
    silenceMs: number,
  ): { database: EmbeddedDatabase; opened: Promise<object[]> } {
    const database = new EmbeddedDatabase(worker, release, silenceMs);
    const opened = new Promise<object[]>((resolve, reject) => {
      database.#waiting.set(OPENED, { resolve, reject });
    });
    return { database, opened };
  }

  readonly #run: Query = async <Row extends object>(sql: string, values?: readonly unknown[]) =>
    (await this.#ask({ sql, ...(values === undefined ? {} : { values }) })) as Row[];

  #ask(request: Omit<ThreadRequest, 'id'>): Promise<object[]> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = ++this.#last;
    const silence = `the embedded database answered nothing for ${this.#silenceMs} ms`;
    const timer = setTimeout(() => void this.#stop(new EmbeddedDatabaseError(silence)), this.#silenceMs).unref();
    const answer = new Promise<object[]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // While an answer is awaited the process must not end.
      this.#worker.ref();
      this.#worker.postMessage({ id, ...request } satisfies ThreadRequest);
    });
    return answer.finally(() => clearTimeout(timer));
  }

  #answered(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('rows' in answer) waiting?.resolve(answer.rows);
    else waiting?.reject(new EmbeddedDatabaseError(answer.error.message, answer.error.code));
  }

  #end(error: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#release();
  }
}

async function start(data: string, release: () => void, silenceMs: number): Promise<EmbeddedDatabase> {
  const worker = new Worker(threadScript(), { workerData: { folder: data }, name: 'embedded database' });
  const { database, opened } = EmbeddedDatabase.from(worker, release, silenceMs);
  try {
    await opened;
    return database;
  } catch (error) {
    await worker.terminate();
    throw new EmbeddedDatabaseError(`the database in ${data} can't be opened: ${(error as Error).message}`);
  }
}

/**
 * Makes a database beside its place and moves it there, so that one that was interrupted is never taken for a whole
 * one. Its thread is given up afterwards: making a database takes 500 MB that WebAssembly never gives back.
 */
async function make(data: string): Promise<void> {
  const beside = `${data}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside);
  const database = await start(beside, () => undefined, SILENCE_MS);
  await database.close();
  renameSync(beside, data);
}
