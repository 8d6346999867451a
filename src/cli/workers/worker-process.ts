import type { AddressInfo } from 'node:net';
import { toProxyOptions, toRewriterOptions } from '../../config/options.js';
import { TerritoryTree } from '../../files/tree.js';
import { Rewriters } from '../../proxy/rewriters.js';
import { type CloseOptions, ProxyServer } from '../../proxy/server.js';
import { mergeMsearch } from '../../query/msearch.js';
import { Rewriter } from '../../query/rewriter.js';
import { Counting } from '../../stats/counting.js';
import { faultLog } from '../../stats/fault-log.js';
import { Groups } from '../../stats/groups.js';
import { Metrics } from '../../stats/metrics.js';
import { Observers } from '../../stats/observers.js';
import { QueryLog } from '../../stats/query-log.js';
import { RecentQueries } from '../../stats/recent-queries.js';
import type { Tally } from '../../stats/tally.js';
import { openLog } from '../open-log.js';
import { openTraces } from '../open-traces.js';
import { rewriterSource } from '../rewriter-source.js';
import { watchSelf } from '../self-watch.js';
import { apiRelay } from './api-relay.js';
import type { PrimaryCalls, TreeFile, WorkerCalls, WorkerReport, WorkerStart } from './calls.js';
import { Channel, type PipeEnd } from './channel.js';

/** Lines of the query log between two words to the primary, where all of them are wanted. */
const LINES_HELD = 10_000;

interface Running {
  readonly rewriters: Rewriters<Rewriter>;
  readonly server: ProxyServer;
  readonly metrics: Metrics;
  readonly counting: Counting;
  readonly unwatch: () => void;
  /** Sends what was told but not written yet. */
  readonly flush: () => Promise<void>;
}

/** One of several data paths behind one port. It does what the primary asks of it, and nothing by itself. */
export class WorkerProcess {
  readonly #channel: Channel<WorkerCalls, PrimaryCalls>;
  #running: Running | undefined;
  /** Loaded, and not in use yet. */
  #next: TerritoryTree | undefined;

  constructor(pipe: PipeEnd) {
    this.#channel = new Channel<WorkerCalls, PrimaryCalls>(pipe, {
      start: (given) => this.#start(given),
      load: (tree) => this.#load(tree),
      use: (version) => this.#use(version),
      listen: () => this.#listen(),
      clearCache: () => this.#parts.rewriters.current.cache.clear(),
      report: () => this.#report(),
      close: (options) => this.#close(options),
    });
    // Without a primary there is nothing to do; the process ends when the pipe does.
    this.#channel.ask('ready', null).catch(() => process.exit(1));
  }

  get #parts(): Running {
    if (this.#running === undefined) throw new Error('the worker was not started');
    return this.#running;
  }

  async #start({ config, version, trees, api }: WorkerStart): Promise<void> {
    const [first, ...others] = await Promise.all(trees.map(readTree));
    if (first === undefined) throw new Error('the worker was given no tree');
    const rewriters = new Rewriters(new Rewriter(first, toRewriterOptions(config)));
    for (const tree of others) rewriters.swap(tree);
    const { logger, flush } = openLog(config.logLevel);
    const metrics: Metrics = new Metrics(
      {
        cache: () => rewriters.current.cache.stats(),
        tree: () => ({ version: rewriters.current.tree.version, units: 0, loadedAt: new Date(0) }),
        inFlight: () => server.inFlight,
      },
      { version },
    );
    const queries = new RecentQueries(config.queryLog.database ? LINES_HELD : config.queryLog.memory);
    const toPrimary = {
      add: (tally: Tally) => {
        // A primary that is gone ends this process by itself.
        void this.#channel.ask('counted', { tally: tally.toMessage(), queries: queries.take() }).catch(() => undefined);
      },
    };
    const counting = new Counting([metrics, toPrimary], new Groups(() => rewriters.current.tree));
    const traces = await openTraces(version, logger);
    const server = new ProxyServer(toProxyOptions(config), {
      rewriters: rewriterSource(config, rewriters),
      observer: new Observers(counting, queries, new QueryLog(logger), ...(traces === undefined ? [] : [traces])),
      observerFailed: faultLog(logger, 'a request could not be counted or logged'),
      internal: apiRelay(api),
      mergeMsearch,
    });
    const flushAll = async (): Promise<void> => {
      await traces?.close();
      flush();
    };
    const unwatch = watchSelf(counting, () => server.inFlight);
    this.#running = { rewriters, server, metrics, counting, flush: flushAll, unwatch };
  }

  async #load(tree: TreeFile): Promise<void> {
    this.#next = await readTree(tree);
  }

  #use(version: string): void {
    const { rewriters } = this.#parts;
    const tree = this.#next;
    this.#next = undefined;
    if (tree?.version !== version) throw new Error(`tree ${version} was not loaded`);
    rewriters.swap(tree);
  }

  #listen(): Promise<AddressInfo> {
    return this.#parts.server.listen();
  }

  async #report(): Promise<WorkerReport> {
    const { rewriters, server, metrics, counting } = this.#parts;
    // What is told to the primary now arrives before this answer does.
    counting.flush();
    return {
      inFlight: server.inFlight,
      cache: rewriters.current.cache.stats(),
      metrics: await metrics.registry.getMetricsAsJSON(),
    };
  }

  async #close(options: CloseOptions): Promise<WorkerReport> {
    await this.#parts.server.close(options);
    this.#parts.unwatch();
    await this.#parts.flush();
    return this.#report();
  }
}

async function readTree({ version, file }: TreeFile): Promise<TerritoryTree> {
  const tree = await TerritoryTree.load(file);
  if (tree.version !== version) throw new Error(`${file} holds tree ${tree.version}, not ${version}`);
  return tree;
}
