import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createApi } from '../api/app.js';
import type { ApiServices } from '../api/services.js';
import { ConfigError } from '../config/error.js';
import { toApiOptions, toListenerTls, toProxyOptions, toRewriterOptions } from '../config/options.js';
import type { Config } from '../config/schema.js';
import { checkAgainstTree } from '../config/tree-check.js';
import { TerritoryTree } from '../files/tree.js';
import { TreeWatcher } from '../files/tree-watcher.js';
import { Rewriters } from '../proxy/rewriters.js';
import { ProxyServer } from '../proxy/server.js';
import { mergeMsearch } from '../query/msearch.js';
import { Rewriter } from '../query/rewriter.js';
import type { Logger } from '../stats/logger.js';
import { Metrics } from '../stats/metrics.js';
import { Observers } from '../stats/observers.js';
import { QueryLog } from '../stats/query-log.js';
import { Stats } from '../stats/stats.js';
import { TreeState } from './tree-state.js';

/** Where a proxy listens. */
export interface ProxyAddresses {
  readonly proxy: AddressInfo;
  readonly admin: AddressInfo | undefined;
}

/**
 * A whole proxy: the data path, the API, what is counted and logged, and the watch on the snapshot.
 *
 * `listen` takes requests; `reload` reads the snapshot anew; `close` makes `readyz` say 503, lets what is under way
 * finish, and a second `close` cuts it off.
 */
export class ProxyProcess {
  readonly #config: Config;
  readonly #proxy: ProxyServer;
  readonly #admin: Server | undefined;
  readonly #watcher: TreeWatcher<TerritoryTree>;

  /** @param file the snapshot that `tree` was read from */
  constructor(config: Config, file: string, tree: TerritoryTree, version: string, logger: Logger) {
    this.#config = config;
    const rewriters = new Rewriters(new Rewriter(tree, toRewriterOptions(config)));
    const state = new TreeState(rewriters, logger, (type) => metrics.error(type));
    const cache = () => rewriters.current.cache.stats();
    const figures = () => state.figures();
    const metrics = new Metrics({ cache, tree: figures, inFlight: () => this.#proxy.inFlight }, { version });
    const stats = new Stats({
      cache,
      tree: figures,
      label: (code) => rewriters.current.tree.unit(code)?.label,
      suggest: (code) => rewriters.current.tree.suggest(code),
    });
    const services: ApiServices = {
      rewriter: () => rewriters.current,
      stats: (confidential) => stats.snapshot(confidential),
      metrics: () => metrics.exposition(),
      readiness: () => this.#readiness(state),
      failed: (error) => logger.error({ error }, 'the API failed to answer'),
    };
    this.#proxy = new ProxyServer(toProxyOptions(config), {
      rewriters,
      observer: new Observers(metrics, stats, new QueryLog(logger)),
      internal: createApi(services, toApiOptions(config, version, config.admin.api)),
      mergeMsearch,
    });
    this.#admin = config.admin.port === null ? undefined : adminServer(config, services, version);
    this.#watcher = new TreeWatcher({
      file,
      load: (name) => loadFor(config, name),
      take: (next) => state.take(next),
      refused: (error) => state.refuse(error),
    });
  }

  /**
   * Rejects where an address can't be had.
   * @param seen fingerprint of the snapshot, taken before the tree was read from it
   */
  async listen(seen?: string): Promise<ProxyAddresses> {
    // First the proxy: what fails to listen leaves nothing open behind it.
    const proxy = await this.#proxy.listen();
    try {
      const admin = this.#admin === undefined ? undefined : await listening(this.#admin, this.#config.admin);
      await this.#watcher.start(seen);
      return { proxy, admin };
    } catch (error) {
      await this.#proxy.close({ graceMs: 0 });
      throw error;
    }
  }

  /** Reads the snapshot, whether it changed or not. */
  reload(): Promise<void> {
    return this.#watcher.check({ force: true });
  }

  async close(): Promise<void> {
    await this.#watcher.stop();
    await this.#proxy.close(this.#config.shutdown);
    // The API stays until the end: it tells that the proxy is ending.
    const admin = this.#admin;
    if (admin === undefined) return;
    await new Promise<void>((resolve, reject) => {
      admin.close((error) => (error === undefined ? resolve() : reject(error)));
      admin.closeAllConnections();
    });
  }

  #readiness(state: TreeState) {
    const { ready } = this.#proxy;
    const { version, refused } = state.figures();
    const notes = ready ? [] : ['the proxy is ending'];
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

function adminServer(config: Config, services: ApiServices, version: string): Server {
  const api = createApi(services, toApiOptions(config, version, 'all'));
  const tls = toListenerTls(config.tls);
  if (tls === undefined) return createServer(api);
  const { clientCertificate, ...files } = tls;
  return createTlsServer({ ...files, requestCert: clientCertificate === 'required' }, api);
}

function listening(server: Server, { host, port }: { host: string; port: number | null }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port: port ?? 0 }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
