import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { createApi } from '../api/app.js';
import { assetsIn } from '../api/assets.js';
import { EventFeed } from '../api/event-feed.js';
import type { ApiServices } from '../api/services.js';
import { ConfigError } from '../config/error.js';
import { toApiOptions, toProxyOptions, toRewriterOptions } from '../config/options.js';
import type { Config } from '../config/schema.js';
import { checkAgainstTree } from '../config/tree-check.js';
import { TerritoryTree } from '../files/tree.js';
import { TreeWatcher } from '../files/tree-watcher.js';
import { Rewriters } from '../proxy/rewriters.js';
import { ProxyServer } from '../proxy/server.js';
import { mergeMsearch } from '../query/msearch.js';
import { Rewriter } from '../query/rewriter.js';
import { Counting } from '../stats/counting.js';
import { faultLog } from '../stats/fault-log.js';
import { Groups } from '../stats/groups.js';
import type { Logger } from '../stats/logger.js';
import { Metrics } from '../stats/metrics.js';
import { Observers } from '../stats/observers.js';
import { QueryLog, queryLines } from '../stats/query-log.js';
import { RecentQueries } from '../stats/recent-queries.js';
import type { Observer, RequestRecord } from '../stats/record.js';
import { Stats } from '../stats/stats.js';
import { Tally } from '../stats/tally.js';
import { AdminListener } from './admin-listener.js';
import type { DataPath } from './data-path.js';
import { HistoryKeeper } from './history-keeper.js';
import { LocalDataPath } from './local-data-path.js';
import { rewriterSource } from './rewriter-source.js';
import { watchSelf } from './self-watch.js';
import { StandupKeeper } from './standup-keeper.js';
import { TreeState } from './tree-state.js';
import type { CountedByWorker } from './workers/calls.js';
import { readPeer } from './workers/peer-header.js';
import type { Printed } from './workers/worker.js';
import { WorkerPool } from './workers/worker-pool.js';

/** Where a proxy listens. */
export interface ProxyAddresses {
  readonly proxy: AddressInfo;
  readonly admin: AddressInfo | undefined;
}

const STANDARD: Printed = {
  stdout: (lines) => void process.stdout.write(lines),
  stderr: (lines) => void process.stderr.write(lines),
};

/** Longest wait at the end for a webhook that is being told, in milliseconds. */
const LAST_WEBHOOK_MS = 2_000;

/** That of a process which serves no request. */
const NO_CACHE = { hits: 0, misses: 0, evictions: 0, entries: 0, bytes: 0 };

/**
 * A whole proxy: the data path in this process or in several (`workers`), the API, what is counted and logged, and the
 * watch on the snapshot.
 *
 * `listen` takes requests; `reload` reads the snapshot anew; `close` makes `readyz` say 503, lets what is under way
 * finish; `kill` ends the other processes at once.
 */
export class ProxyProcess {
  readonly #config: Config;
  readonly #path: DataPath;
  readonly #admin: AdminListener | undefined;
  readonly #watcher: TreeWatcher<TerritoryTree>;
  readonly #events: EventFeed;
  readonly #history: HistoryKeeper;
  readonly #standup: StandupKeeper;
  /** Begins the watch of a data path in this process on itself; it gives how that is ended. */
  #watchSelf: (() => () => void) | undefined;
  #unwatch: (() => void) | undefined;

  /**
   * @param file the snapshot that `tree` was read from
   * @param printed where the lines of other processes go
   * @param observers who else wants to know of each request of this process
   */
  constructor(
    config: Config,
    file: string,
    tree: TerritoryTree,
    version: string,
    logger: Logger,
    printed: Printed = STANDARD,
    observers: readonly Observer[] = [],
  ) {
    this.#config = config;
    const rewriters = new Rewriters(new Rewriter(tree, toRewriterOptions(config)));
    const state = new TreeState(rewriters, logger, (type) => metrics.error(type));
    const figures = () => state.figures();
    // Of other processes each has metrics of its own.
    const alone = config.workers === 1;
    const metrics = new Metrics(
      {
        cache: () => (alone ? this.#path.cache() : NO_CACHE),
        tree: figures,
        inFlight: () => (alone ? this.#path.inFlight : 0),
      },
      { version },
    );
    const stats = new Stats({
      cache: () => this.#path.cache(),
      tree: figures,
      label: (code) => rewriters.current.tree.unit(code)?.label,
      suggest: (code) => rewriters.current.tree.suggest(code),
    });
    const groups = new Groups(() => rewriters.current.tree);
    const parts = {
      ...{ config, version, logger, groups },
      tree: () => rewriters.current.tree,
      loadedAt: () => figures().loadedAt,
    };
    const keeper = new HistoryKeeper(parts);
    this.#history = keeper;
    const standup = new StandupKeeper({
      ...{ config, logger, reader: keeper.reader, database: keeper.database },
      mark: (mark) => keeper.history?.mark(mark),
      label: (code) => rewriters.current.tree.unit(code)?.label,
    });
    this.#standup = standup;
    const queries = new RecentQueries(config.queryLog.memory);
    const kept = [stats, ...(keeper.history === undefined ? [] : [keeper.history])];
    const counting = new Counting(alone ? [metrics, ...kept] : kept, groups);
    const failed = (error: unknown) => logger.error({ error }, 'the API failed to answer');
    const eventSources = {
      standup: () => standup.report(false),
      // What needs the admin right is not for every listener.
      stats: async () => {
        await this.#path.refresh();
        counting.flush();
        return stats.snapshot(false);
      },
    };
    this.#events = new EventFeed(eventSources, {
      // A page that was drawn by another build, or with times of another zone, draws itself anew.
      hello: () => ({ build: assetsIn().hash, timeZone: config.timeZone }),
      failed,
    });
    const services: ApiServices = {
      events: this.#events,
      rewriter: () => rewriters.current,
      treeFile: basename(file),
      stats: async (confidential) => {
        await this.#path.refresh();
        counting.flush();
        return stats.snapshot(confidential);
      },
      clearCache: async () => {
        rewriters.current.cache.clear();
        await this.#path.clearCache();
      },
      metrics: () => {
        counting.flush();
        return this.#path.metrics();
      },
      readiness: () => this.#readiness(state),
      history: keeper.reader,
      marks: (from, to, kinds) => standup.standup.marks(from, to, kinds),
      deliver: keeper.deliver,
      standup: (confidential) => standup.report(confidential),
      emergencies: standup.emergencies,
      queries: async (size) => {
        await this.#path.refresh();
        return queries.last(size);
      },
      failed,
    };
    const apiOptions = toApiOptions(config, version, config.admin.api);
    if (alone) {
      const wanted = keeper.wantsQueries
        ? [{ request: (record: RequestRecord) => keeper.logged(queryLines(record)), passed: () => undefined }]
        : [];
      const server = new ProxyServer(toProxyOptions(config), {
        rewriters: rewriterSource(config, rewriters),
        observer: new Observers(counting, queries, new QueryLog(logger), ...wanted, ...observers),
        observerFailed: faultLog(logger, 'a request could not be counted or logged'),
        internal: createApi(services, apiOptions),
        mergeMsearch,
      });
      this.#path = new LocalDataPath(server, rewriters, metrics);
      this.#watchSelf = () => watchSelf(counting, () => this.#path.inFlight);
    } else {
      const api: RequestListener = createApi(services, { ...apiOptions, peer: readPeer });
      const versions = () => rewriters.versions;
      const counted = ({ tally, queries: lines }: CountedByWorker) => {
        counting.add(Tally.fromMessage(tally));
        for (const line of lines) queries.add(line);
        keeper.logged(lines);
      };
      this.#path = new WorkerPool({ config, version, logger, printed, tree, versions, api, metrics, counted });
    }
    const { port } = config.admin;
    if (port !== null) {
      this.#admin = new AdminListener(config, port, createApi(services, toApiOptions(config, version, 'all')));
    }
    this.#watcher = new TreeWatcher({
      file,
      load: (name) => loadFor(config, name),
      take: async (next) => {
        const before = rewriters.current.tree;
        const changes = next.version !== before.version;
        if (changes) await this.#path.prepare(next);
        state.take(next);
        if (changes) await this.#path.use(next);
        if (changes) void keeper.swapped(before, next).then(() => standup.standup.lookSoon());
      },
      refused: (error) => state.refuse(error),
    });
  }

  /**
   * Rejects where an address can't be had.
   * @param seen fingerprint of the snapshot, taken before the tree was read from it
   */
  async listen(seen?: string): Promise<ProxyAddresses> {
    // First the proxy: what fails to listen leaves nothing open behind it.
    const proxy = await this.#path.listen();
    try {
      const admin = await this.#admin?.listen();
      await this.#watcher.start(seen);
      this.#unwatch = this.#watchSelf?.();
      this.#history.start();
      this.#standup.start();
      return { proxy, admin };
    } catch (error) {
      await this.#path.close({ graceMs: 0 });
      throw error;
    }
  }

  /** Reads the snapshot, whether it changed or not. */
  reload(): Promise<void> {
    return this.#watcher.check({ force: true });
  }

  async close(): Promise<void> {
    await this.#watcher.stop();
    // Connections that have no end of their own must not hold the proxy up.
    this.#events.close();
    await this.#path.close(this.#config.shutdown);
    this.#unwatch?.();
    await this.#standup.close(LAST_WEBHOOK_MS);
    await this.#history.close();
    // The API stays until the end: it tells that the proxy is ending.
    await this.#admin?.close();
  }

  kill(): void {
    this.#path.kill();
  }

  #readiness(state: TreeState) {
    const { ready, notes: more } = this.#path;
    const { version, refused } = state.figures();
    const notes = ready ? [] : ['the proxy is ending'];
    notes.push(...more);
    const { note } = this.#history.reader.state();
    if (note !== undefined) notes.push(note.en);
    if (refused !== undefined) notes.push(`a newer snapshot could not be taken: ${refused.reason}`);
    return { ready, tree: version, notes };
  }
}

/** A map without a level that the configuration names would make searches fail: it is not taken. */
async function loadFor(config: Config, file: string): Promise<TerritoryTree> {
  const tree = await TerritoryTree.load(file);
  const faults = checkAgainstTree(config, tree);
  if (faults.length > 0) throw new ConfigError(faults);
  return tree;
}
