import type { AddressInfo } from 'node:net';
import type { Config } from '../../config/schema.js';
import type { CloseOptions } from '../../proxy/server.js';
import type { QueryLine } from '../../stats/query-log.js';
import type { CacheFigures } from '../../stats/stats.js';
import type { TallyMessage } from '../../stats/tally.js';

/** A tree as a file of its own, which stays as it is while the tree is in use. */
export interface TreeFile {
  readonly version: string;
  readonly file: string;
}

/** What a worker needs to begin. */
export interface WorkerStart {
  /** With the shares of this worker where something is divided. */
  readonly config: Config;
  /** Version of territory-proxy. */
  readonly version: string;
  /** The trees that can be asked for, the one in use last. */
  readonly trees: readonly TreeFile[];
  /** Unix socket on which the primary answers `/_territory`. */
  readonly api: string;
}

/** What a worker tells of itself. */
export interface WorkerReport {
  readonly inFlight: number;
  /** Since the worker began. */
  readonly cache: CacheFigures;
  /** The metrics since the worker began, as prom-client gives them. */
  readonly metrics: readonly object[];
}

/** What the primary asks of a worker. */
export type WorkerCalls = {
  start: readonly [WorkerStart, unknown];
  /** Reads a tree, so that `use` is quick. */
  load: readonly [TreeFile, unknown];
  /** Puts a tree that was loaded into use. */
  use: readonly [string, unknown];
  listen: readonly [null, AddressInfo];
  clearCache: readonly [null, unknown];
  report: readonly [null, WorkerReport];
  /** Ends gracefully; the answer, with the last figures, comes when all is done. */
  close: readonly [CloseOptions, WorkerReport];
};

/** What a worker counted since the last time, and the lines of its query log. */
export interface CountedByWorker {
  readonly tally: TallyMessage;
  readonly queries: readonly QueryLine[];
}

/** What a worker asks of the primary. */
export type PrimaryCalls = {
  counted: readonly [CountedByWorker, unknown];
  /** It listens to what it is asked: what came before is lost. */
  ready: readonly [null, unknown];
};
