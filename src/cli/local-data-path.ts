import type { AddressInfo } from 'node:net';
import type { Rewriters } from '../proxy/rewriters.js';
import type { CloseOptions, ProxyServer } from '../proxy/server.js';
import type { Rewriter } from '../query/rewriter.js';
import type { Metrics } from '../stats/metrics.js';
import type { CacheFigures } from '../stats/stats.js';
import type { DataPath } from './data-path.js';

/** The data path in this process: its rewriters are those of the API. */
export class LocalDataPath implements DataPath {
  readonly notes: readonly string[] = [];
  readonly #server: ProxyServer;
  readonly #rewriters: Rewriters<Rewriter>;
  readonly #metrics: Metrics;

  constructor(server: ProxyServer, rewriters: Rewriters<Rewriter>, metrics: Metrics) {
    this.#server = server;
    this.#rewriters = rewriters;
    this.#metrics = metrics;
  }

  get ready(): boolean {
    return this.#server.ready;
  }

  get inFlight(): number {
    return this.#server.inFlight;
  }

  cache(): CacheFigures {
    return this.#rewriters.current.cache.stats();
  }

  clearCache(): void {
    this.#rewriters.current.cache.clear();
  }

  listen(): Promise<AddressInfo> {
    return this.#server.listen();
  }

  /** Nothing: whoever swaps the rewriters' tree swaps it here. */
  prepare(): void {}

  use(): void {}

  refresh(): void {}

  metrics(): Promise<{ contentType: string; text: string }> {
    return this.#metrics.exposition();
  }

  close(options: CloseOptions): Promise<void> {
    return this.#server.close(options);
  }

  kill(): void {}
}
