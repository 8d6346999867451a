import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../../config/schema.js';
import type { TerritoryTree } from '../../files/tree.js';
import type { CloseOptions } from '../../proxy/server.js';
import type { Logger } from '../../stats/logger.js';
import type { Metrics } from '../../stats/metrics.js';
import type { CacheFigures } from '../../stats/stats.js';
import type { DataPath } from '../data-path.js';
import { ApiSocket } from './api-socket.js';
import { cacheSum } from './cache-sum.js';
import type { CountedByWorker, TreeFile } from './calls.js';
import { ChannelError } from './channel.js';
import { FleetMetrics } from './fleet-metrics.js';
import { forkWorker } from './fork.js';
import { RestartBrake } from './restart-brake.js';
import { shareOf } from './share.js';
import { TreeFiles } from './tree-files.js';
import { type Ending, type Printed, Worker } from './worker.js';

/** Between two looks at the figures of the workers, in ms. What a worker counted since is lost if it is killed. */
const LOOK_MS = 1000;

/** Longest wait for the figures of a busy worker before its last ones are told, in ms. */
const REPORT_MS = 1000;

/** A worker that was asked so often in vain is stuck. Counted, not timed: a machine that slept has no stuck workers. */
const STUCK_AFTER = 10;

export interface WorkerPoolParts {
  readonly config: Config;
  /** Version of territory-proxy. */
  readonly version: string;
  readonly logger: Logger;
  readonly printed: Printed;
  /** The tree to begin with. */
  readonly tree: TerritoryTree;
  /** The versions of the trees that can be asked for, the one in use last. */
  readonly versions: () => readonly string[];
  /** Answers `/_territory`; who sent a request stands in its `territory-peer`. */
  readonly api: RequestListener;
  /** Those of this process. */
  readonly metrics: Metrics;
  /** Gets what each worker counted, about once a second. */
  readonly counted: (since: CountedByWorker) => void;
}

/**
 * Several processes behind one port. Connections go to them in turn; all have the same tree; one that ends or is stuck
 * is replaced at once. This process, the primary, is asked by them for what is under `/_territory`, and adds up their
 * figures.
 */
export class WorkerPool implements DataPath {
  readonly #parts: WorkerPoolParts;
  readonly #workers = new Set<Worker>();
  /** What workers that are just starting were told to read: these files stay until they have. */
  readonly #promised = new Map<Worker, readonly TreeFile[]>();
  readonly #fleet: FleetMetrics;
  readonly #brake: RestartBrake;
  readonly #share: Config;
  /** Of the workers that ended. */
  #goneCache: CacheFigures = cacheSum([]);
  #files: TreeFiles | undefined;
  #api: ApiSocket | undefined;
  #tree: TreeFile | undefined;
  #timer: NodeJS.Timeout | undefined;
  #listening = false;
  #closing: Promise<void> | undefined;
  /** Ended, and not as it was told. */
  deaths = 0;
  /** How often the system gave no process in place of one that ended. */
  startFailures = 0;

  constructor(parts: WorkerPoolParts) {
    this.#parts = parts;
    this.#brake = new RestartBrake(parts.config.workers);
    this.#share = shareOf(parts.config);
    this.#fleet = new FleetMetrics(parts.metrics.registry, () => this);
  }

  get ready(): boolean {
    return this.#listening && this.#closing === undefined && this.up > 0;
  }

  /** Workers that take requests. */
  get up(): number {
    return this.#joined.length;
  }

  get inFlight(): number {
    return this.#joined.reduce((sum, { report }) => sum + (report?.inFlight ?? 0), 0);
  }

  get notes(): readonly string[] {
    const { workers } = this.#parts.config;
    if (!this.#listening || this.#closing !== undefined || this.up === workers) return [];
    return [`${workers - this.up} of ${workers} workers ended and are being replaced`];
  }

  cache(): CacheFigures {
    return cacheSum([this.#goneCache, ...this.#joined.flatMap(({ report }) => report?.cache ?? [])]);
  }

  async clearCache(): Promise<void> {
    await this.#everyone((worker) => worker.clearCache());
  }

  async listen(): Promise<AddressInfo> {
    const files = await TreeFiles.create();
    this.#files = files;
    this.#tree = await files.add(this.#parts.tree);
    this.#api = new ApiSocket(files.folder, this.#parts.api);
    try {
      await this.#api.listen();
      // The first one alone: what fails for it fails for all, and a free port is found once.
      const first = await this.#fork();
      const address = await this.#bringUp(first);
      this.#keepUp(first);
      const others = await Promise.all(Array.from({ length: this.#parts.config.workers - 1 }, () => this.#fork()));
      await Promise.all(others.map((worker) => this.#bringUp(worker)));
      for (const worker of others) this.#keepUp(worker);
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      this.#timer.unref();
      this.#listening = true;
      return address;
    } catch (error) {
      await this.close({ graceMs: 0 });
      throw error;
    }
  }

  async prepare(tree: TerritoryTree): Promise<void> {
    const file = await (this.#files as TreeFiles).add(tree);
    await this.#everyone((worker) => worker.load(file));
  }

  async use(tree: TerritoryTree): Promise<void> {
    const files = this.#files as TreeFiles;
    const file = await files.add(tree);
    this.#tree = file;
    try {
      await this.#everyone((worker) => worker.use(file));
    } catch (error) {
      // That worker is ended, and the one in its place begins with this tree.
      this.#parts.logger.error({ error }, `a worker could not use tree ${tree.version}`);
    }
    const promised = [...this.#promised.values()].flat().map(({ version }) => version);
    await files.keep([...this.#parts.versions(), ...promised]);
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#joined.map((worker) => this.#refresh(worker)));
  }

  async metrics(): Promise<{ contentType: string; text: string }> {
    await this.refresh();
    const own = await this.#parts.metrics.registry.getMetricsAsJSON();
    return this.#fleet.exposition([own, ...this.#joined.flatMap(({ report }) => (report ? [report.metrics] : []))]);
  }

  close(options: CloseOptions): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  async #close(options: CloseOptions): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#workers].map((worker) => (worker.joined ? worker.close(options) : end(worker))));
    await this.#api?.close();
    await this.#files?.remove();
  }

  get #joined(): Worker[] {
    return [...this.#workers].filter(({ joined }) => joined);
  }

  /** @throws (rejects) where the system gives no process */
  async #fork(): Promise<Worker> {
    const worker = new Worker(await forkWorker(), this.#parts.printed, this.#parts.counted);
    this.#workers.add(worker);
    // Whoever ended the others does not know of this one.
    if (this.#closing !== undefined) worker.kill();
    return worker;
  }

  /** Starts a worker with the tree in use, whichever that is by the time it takes requests. */
  async #bringUp(worker: Worker): Promise<AddressInfo> {
    const files = this.#files as TreeFiles;
    // Nothing is removed here: a newer tree may lie there that is just being made ready.
    const trees = files.of(this.#parts.versions());
    this.#promised.set(worker, trees);
    try {
      await worker.start({
        config: this.#share,
        version: this.#parts.version,
        trees,
        api: (this.#api as ApiSocket).path,
      });
    } finally {
      this.#promised.delete(worker);
    }
    while (worker.version !== this.#tree?.version) await worker.use(this.#tree as TreeFile);
    const address = await worker.listen();
    this.#parts.logger.info({ process: { pid: worker.pid } }, `worker ${worker.pid} takes requests`);
    return address;
  }

  /** Replaces a worker when it ends, and the one that replaces it. */
  #keepUp(worker: Worker): void {
    void worker.ended.then((ending) => this.#replace(worker, ending));
  }

  async #replace(dead: Worker, ending: Ending): Promise<void> {
    this.#workers.delete(dead);
    if (dead.report !== undefined) {
      this.#fleet.keep(dead.report.metrics);
      this.#goneCache = cacheSum([this.#goneCache, { ...dead.report.cache, entries: 0, bytes: 0 }]);
    }
    if (this.#closing !== undefined) return;
    this.deaths += 1;
    const lived = dead.upSince === 0 ? 0 : performance.now() - dead.upSince;
    const delay = this.#brake.died(lived);
    const { logger } = this.#parts;
    logger.error(
      { process: { pid: dead.pid }, territory: { worker_ending: ending, worker_deaths: this.deaths } },
      `worker ${dead.pid} died (${ending}) after ${Math.round(lived / 1000)} s; it is replaced ${then(delay)}`,
    );
    const next = await this.#forkAfter(delay);
    if (next === undefined) return;
    this.#keepUp(next);
    try {
      await this.#bringUp(next);
    } catch (error) {
      logger.error({ error, process: { pid: next.pid } }, `worker ${next.pid} could not begin`);
      next.kill();
    }
  }

  /** Asks the system for a process until it gives one, as the brake lets it; undefined where the pool was closed. */
  async #forkAfter(firstDelay: number): Promise<Worker | undefined> {
    for (let delay = firstDelay; ; ) {
      if (delay > 0) await wait(delay, undefined, { ref: false });
      if (this.#closing !== undefined) return undefined;
      try {
        return await this.#fork();
      } catch (error) {
        this.startFailures += 1;
        delay = this.#brake.died(0);
        this.#parts.logger.error(
          { error, territory: { worker_start_failures: this.startFailures } },
          `the system gives no process for a worker (${(error as Error).message}); it is asked again ${then(delay)}`,
        );
      }
    }
  }

  /**
   * Has all workers do a thing. One that dies over it is replaced; one that answers with an error is ended, for it would
   * differ from the others, and the error is thrown.
   */
  async #everyone(work: (worker: Worker) => Promise<void>): Promise<void> {
    const joined = this.#joined;
    const results = await Promise.allSettled(joined.map(work));
    for (const [i, result] of results.entries()) {
      const worker = joined[i] as Worker;
      if (result.status === 'fulfilled' || !worker.joined) continue;
      // The pipe of a process that died is often closed before its end is told; one that is silent was ended by the call.
      if (result.reason instanceof ChannelError) continue;
      worker.kill();
      throw result.reason;
    }
  }

  #look(): void {
    for (const worker of this.#joined) {
      void this.#refresh(worker);
      if (worker.missed < STUCK_AFTER) continue;
      this.#parts.logger.error({ process: { pid: worker.pid } }, `worker ${worker.pid} is stuck: it is ended`);
      worker.kill();
    }
  }

  async #refresh(worker: Worker): Promise<void> {
    await worker.refresh(REPORT_MS);
  }
}

function then(delayMs: number): string {
  return delayMs === 0 ? 'at once' : `in ${delayMs / 1000} s, for too many died young`;
}

async function end(worker: Worker): Promise<void> {
  worker.kill();
  await worker.ended;
}
