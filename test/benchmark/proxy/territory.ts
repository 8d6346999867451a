import { join } from 'node:path';
import { openLog } from '../../../src/cli/open-log.js';
import { watchSelf } from '../../../src/cli/self-watch.js';
import { Rewriters } from '../../../src/proxy/rewriters.js';
import { ProxyServer } from '../../../src/proxy/server.js';
import { mergeMsearch } from '../../../src/query/msearch.js';
import { Rewriter } from '../../../src/query/rewriter.js';
import { Counting } from '../../../src/stats/counting.js';
import { Groups } from '../../../src/stats/groups.js';
import { History } from '../../../src/stats/history/history.js';
import { Metrics } from '../../../src/stats/metrics.js';
import { Observers } from '../../../src/stats/observers.js';
import { QueryLog } from '../../../src/stats/query-log.js';
import { RecentQueries } from '../../../src/stats/recent-queries.js';
import type { Observer } from '../../../src/stats/record.js';
import { Stats } from '../../../src/stats/stats.js';
import { DatabaseHistoryStore } from '../../../src/store/history-store.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { franceTree } from '../france.js';

/** What is made of each request beside forwarding it. */
export type Counted = 'counting' | 'not counting' | 'counting and logging';

/**
 * The proxy with the map of France.
 * @param listeners of one process, alike but for what is made of a request
 * @param folder where the one that counts keeps its history
 */
export async function startTerritory(
  upstream: string,
  listeners: readonly Counted[],
  folder: string,
  listening: (...ports: number[]) => void,
) {
  const tree = await franceTree();
  const rewriters = new Rewriters(
    new Rewriter(tree, {
      shorthand: 'territory',
      indices: [['articles*', { units: 'territories', ancestors: 'territory_path' }]],
      aliases: {},
      definitions: 'reject',
      unknown: 'error',
      limits: { depth: 1000, expandedBytes: 104_857_600 },
      cacheBytes: 67_108_864,
    }),
  );
  const counting = await startCounting(rewriters, folder);
  const ports: number[] = [];
  for (const counted of listeners) {
    const server = new ProxyServer(
      {
        nodes: [new URL(upstream)],
        host: '127.0.0.1',
        port: 0,
        upstream: { timeoutMs: 0, connections: 128 },
        limits: { inFlight: 1024, bodyBytes: 104_857_600, bufferedBytes: 536_870_912 },
      },
      {
        rewriters,
        observer: counted === 'not counting' ? undefined : observer(counting, counted),
        internal: (_request, response) => void response.end(),
        mergeMsearch,
      },
    );
    ports.push((await server.listen()).port);
  }
  listening(...ports);
}

/**
 * As a proxy in one process counts: into the metrics, the statistics, the last queries, and the history, which is written
 * to the embedded database every ten seconds. The database is open before the first request.
 */
async function startCounting(rewriters: Rewriters<Rewriter>, folder: string): Promise<Counting> {
  const cache = () => rewriters.current.cache.stats();
  const tree = () => ({ version: rewriters.current.tree.version, units: 0, loadedAt: new Date(0) });
  const metrics = new Metrics({ cache, tree, inFlight: () => 0 }, { version: '0' });
  const stats = new Stats({
    cache,
    tree,
    label: (code) => rewriters.current.tree.unit(code)?.label,
    suggest: (code) => rewriters.current.tree.suggest(code),
  });
  const database = openDatabase({ folder: join(folder, `history-${process.pid}`) });
  await database.query('SELECT 1');
  const history = new History({
    kind: database.kind,
    store: new DatabaseHistoryStore(database),
    writeEveryMs: 10_000,
    log: console,
  });
  history.start();
  const counting = new Counting([metrics, stats, history], new Groups(() => rewriters.current.tree));
  watchSelf(counting, () => 0);
  return counting;
}

function observer(counting: Counting, counted: Counted): Observer {
  const queries = new RecentQueries(500);
  if (counted === 'counting') return new Observers(counting, queries);
  return new Observers(counting, queries, new QueryLog(openLog('info', '/dev/null').logger));
}
