import type { AddressInfo } from 'node:net';
import type { TerritoryTree } from '../files/tree.js';
import type { CloseOptions } from '../proxy/server.js';
import type { CacheFigures } from '../stats/stats.js';

/** What takes the requests: a listener in this process, or several processes behind one port. */
export interface DataPath {
  /** Whether new requests are welcome: from `listen` to `close`. */
  readonly ready: boolean;
  /** Requests on their way. */
  readonly inFlight: number;
  /** What is not as it should be, in words. */
  readonly notes: readonly string[];
  cache(): CacheFigures;
  clearCache(): void | Promise<void>;
  /** Begins to take requests. Rejects where the address can't be had. */
  listen(): Promise<AddressInfo>;
  /** Makes ready for a tree that was read. Rejects where it can't be taken; the one in use stays. */
  prepare(tree: TerritoryTree): void | Promise<void>;
  /** Puts the tree into use that was last made ready. */
  use(tree: TerritoryTree): void | Promise<void>;
  /** Brings the figures of other processes up to date. */
  refresh(): void | Promise<void>;
  /** The figures of the metrics, as text. */
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Ends gracefully. */
  close(options: CloseOptions): Promise<void>;
  /** Ends at once, as this process is about to. */
  kill(): void;
}
