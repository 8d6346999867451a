import { setTimeout as wait } from 'node:timers/promises';
import { toDatabasePlace } from '../config/options.js';
import type { Config } from '../config/schema.js';
import type { Groups } from '../stats/groups.js';
import { Deliveries } from '../stats/history/deliveries.js';
import { History } from '../stats/history/history.js';
import { NO_HISTORY } from '../stats/history/no-history.js';
import { type CountedTree, treeMark } from '../stats/history/tree-mark.js';
import type { Delivery, HistoryReader, Mark, TreeMark } from '../stats/history/types.js';
import type { Logger } from '../stats/logger.js';
import type { QueryLine } from '../stats/query-log.js';
import { DatabaseHistoryStore } from '../store/history-store.js';
import type { ManagedDatabase } from '../store/managed-database.js';
import { openDatabase } from '../store/open-database.js';
import { QueryLogStore } from '../store/query-log-store.js';
import { TreeStore } from '../store/tree-store.js';
import type { TreeDiff } from '../territory/diff.js';
import { TerritoryTree } from '../territory/tree.js';
import { diffInThread } from './diff-in-thread.js';
import { IndexWatch } from './index-watch.js';

/** Longest wait for the last write at the end, in milliseconds; up to two thirds of it for a tree that came just now. */
const LAST_WRITE_MS = 3_000;

export interface HistoryKeeperParts {
  readonly config: Config;
  /** Version of territory-proxy. */
  readonly version: string;
  readonly logger: Logger;
  /** The tree in use. */
  readonly tree: () => TerritoryTree;
  /** When it came into use. */
  readonly loadedAt: () => Date;
  /** Is told of the tree that was in use before this process. */
  readonly groups: Groups;
  /** Longest wait for the last write at the end, in milliseconds; 3,000 where absent. */
  readonly lastWriteMs?: number;
}

/**
 * The history of a proxy and the database in which it lies: on a server, or in a folder beside the snapshot. The
 * database is opened with the first write, some seconds after the start; without one nothing is kept.
 */
export class HistoryKeeper {
  readonly history: History | undefined;
  /** For whatever else is kept there. */
  readonly database: ManagedDatabase | undefined;
  readonly #parts: HistoryKeeperParts;
  readonly #queries: QueryLogStore | undefined;
  readonly #trees: TreeStore | undefined;
  /** Version of the tree in use that the database has. */
  #kept = '';
  /** The tree that is on its way there. */
  #keeping: { readonly version: string; readonly done: Promise<void> } | undefined;
  /** Ends when all trees that came into use are told; never rejects. */
  #telling: Promise<void> = Promise.resolve();
  /** Why the tree could not be kept the last time. */
  #keepFault = '';
  readonly #indices: IndexWatch | undefined;
  readonly #deliveries: Deliveries | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: HistoryKeeperParts) {
    this.#parts = parts;
    const { config, version, tree, logger } = parts;
    const place = toDatabasePlace(config);
    if (place === undefined || config.history === 'off') return;
    const first = tree();
    const startedAt = Date.now();
    const database = openDatabase(place);
    this.database = database;
    this.#trees = new TreeStore(database);
    if (config.queryLog.database) {
      this.#queries = new QueryLogStore(database, {
        retentionDays: config.queryLog.retentionDays,
        lost: (lines, why) => logger.warn(`lines of the query log lost: ${lines} (${why})`),
      });
    }
    const store = new DatabaseHistoryStore(database);
    this.history = new History({
      kind: database.kind,
      store,
      writeEveryMs: config.history.writeEveryMs,
      log: logger,
      places: parts.groups,
      sample: (history) => this.#sample(history),
      opened: async (history) => {
        const mark = await this.#firstMark(history, first, startedAt);
        if (mark !== undefined) history.mark(mark);
        const text = `territory-proxy ${version} started with tree ${first.version}`;
        history.mark({
          time: startedAt,
          kind: 'start',
          text,
          data: { version, tree: first.version, pid: process.pid },
        });
      },
    });
    this.#deliveries = new Deliveries(this.history, store);
    this.#indices = new IndexWatch({ config, logger, tree, history: this.history });
  }

  /** Takes in what a loader tells of a delivery; absent where no history is kept. */
  get deliver(): ((delivery: Delivery) => Promise<boolean>) | undefined {
    const deliveries = this.#deliveries;
    return deliveries === undefined ? undefined : (delivery) => deliveries.take(delivery);
  }

  get reader(): HistoryReader {
    return this.history ?? NO_HISTORY;
  }

  start(): void {
    this.history?.start();
    const { history } = this.#parts.config;
    if (history === 'off') return;
    this.#indices?.start(history.indexCheckMinutes * 60_000);
    const queries = this.#queries;
    let failing = false;
    this.#timer = setInterval(() => {
      if (this.database?.opened) void this.#keepOrTell(this.#parts.tree());
      if (queries === undefined) return;
      queries.write().then(
        () => {
          failing = false;
        },
        (error: Error) => {
          if (!failing) this.#parts.logger.warn(`the query log can't be written to the database: ${error.message}`);
          failing = true;
        },
      );
    }, history.writeEveryMs);
    this.#timer.unref();
  }

  /** Takes lines of the query log. */
  logged(lines: readonly QueryLine[]): void {
    this.#queries?.add(lines);
  }

  /** Whether lines of the query log are wanted. */
  get wantsQueries(): boolean {
    return this.#queries !== undefined;
  }

  /** Notes that a tree came into use, and what changed; the difference is found meanwhile. */
  swapped(before: TerritoryTree, after: TerritoryTree): Promise<void> {
    const { history } = this;
    if (history === undefined) return Promise.resolve();
    const time = Date.now();
    const tell = async () => {
      history.mark(treeMark(time, counted(after), counted(before), await this.#diff(before.toBuffer(), after)));
    };
    // One after the other, in the order in which they came.
    this.#telling = this.#telling.then(tell).catch((error: Error) => {
      this.#parts.logger.warn(`the history could not be told of the tree ${after.version}: ${error.message}`);
    });
    return this.#telling.then(() => this.#keepOrTell(after));
  }

  /** Ends it, with a last write where the database is open or on a server. Takes no longer than a few seconds. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#indices?.stop();
    const { history, database } = this;
    if (history === undefined || database === undefined) return;
    const writes = database.opened || database.kind === 'postgres';
    // A tree that came into use just now is told too: the next process could not know when it came.
    const limit = this.#parts.lastWriteMs ?? LAST_WRITE_MS;
    const began = Date.now();
    if (writes) await Promise.race([this.#telling, wait((2 / 3) * limit, undefined, { ref: false })]);
    await history.close(writes ? Math.max(limit / 3, limit - (Date.now() - began)) : 0);
    const last = async (): Promise<void> => {
      if (database.opened) await this.#queries?.write();
      await database.close();
    };
    const ended = last().catch((error: Error) => {
      this.#parts.logger.warn(`the database of the history was not closed well: ${error.message}`);
    });
    await Promise.race([ended, wait(LAST_WRITE_MS, undefined, { ref: false })]);
  }

  /**
   * The mark of the tree that this process began with; none where it was in use before. The database may come late, and
   * the tree have changed since: what counts is what was before this process.
   */
  async #firstMark(history: History, first: TerritoryTree, startedAt: number): Promise<Mark | undefined> {
    const marks = await history.marks(0, startedAt, ['tree']);
    const before = marks.findLast(({ data }) => data.to !== undefined)?.data as unknown as TreeMark | undefined;
    const snapshot = before === undefined ? undefined : await this.#trees?.find(before.to);
    await this.#keep(first);
    if (before?.to === first.version) return undefined;
    if (before === undefined) return treeMark(startedAt, counted(first));
    const diff = snapshot === undefined ? undefined : await this.#diff(snapshot, first);
    // What lay where it is now unknown, the searches that suffer are counted by.
    if (snapshot !== undefined && diff !== undefined) this.#parts.groups.remember(TerritoryTree.fromBuffer(snapshot));
    return treeMark(startedAt, counted(first), { version: before.to, levels: before.levels }, diff);
  }

  /**
   * Keeps the tree in use, which the next process may have to compare its own with. A database that is slow, or still being
   * opened, is not given it once more at each turn: the embedded one would be busy with that for minutes.
   */
  async #keep(tree: TerritoryTree): Promise<void> {
    const { version } = tree;
    if (this.#kept === version) return;
    if (this.#keeping?.version !== version) this.#keeping = { version, done: this.#give(tree) };
    const keeping = this.#keeping;
    try {
      await keeping.done;
      this.#kept = version;
    } finally {
      if (this.#keeping === keeping) this.#keeping = undefined;
    }
  }

  async #give(tree: TerritoryTree): Promise<void> {
    await this.#trees?.keep(tree.version, () => tree.toBuffer());
  }

  /** As `#keep`. Where that fails the log says so, once, and the next turn tries again. */
  async #keepOrTell(tree: TerritoryTree): Promise<void> {
    try {
      await this.#keep(tree);
      this.#keepFault = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#keepFault) this.#parts.logger.warn(`the tree can't be kept in the database: ${message}`);
      this.#keepFault = message;
    }
  }

  /** What changed; `undefined` where that can't be found, as of a snapshot of another format: then counts are compared. */
  async #diff(before: Uint8Array, after: TerritoryTree): Promise<TreeDiff | undefined> {
    try {
      return await diffInThread(before, after.toBuffer());
    } catch (error) {
      this.#parts.logger.warn(`the trees could not be compared for the history: ${(error as Error).message}`);
      return undefined;
    }
  }

  #sample(history: History): void {
    const { tree, loadedAt } = this.#parts;
    for (const [level, count] of Object.entries(tree().levelCounts())) history.record('tree_units', level, 1, count);
    history.record('tree_age', '', 1, Math.max(0, (Date.now() - loadedAt().getTime()) / 1000));
  }
}

function counted(tree: TerritoryTree): CountedTree {
  return { version: tree.version, levels: tree.levelCounts() };
}
