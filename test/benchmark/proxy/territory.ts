import { createWriteStream } from 'node:fs';
import { Rewriters } from '../../../src/proxy/rewriters.js';
import { ProxyServer } from '../../../src/proxy/server.js';
import { mergeMsearch } from '../../../src/query/msearch.js';
import { Rewriter } from '../../../src/query/rewriter.js';
import { Counting } from '../../../src/stats/counting.js';
import { Groups } from '../../../src/stats/groups.js';
import { createLogger } from '../../../src/stats/logger.js';
import { Metrics } from '../../../src/stats/metrics.js';
import { Observers } from '../../../src/stats/observers.js';
import { QueryLog } from '../../../src/stats/query-log.js';
import type { Observer } from '../../../src/stats/record.js';
import { Stats } from '../../../src/stats/stats.js';
import { franceTree } from '../france.js';

/** What is made of each request beside forwarding it. */
export type Counted = 'counting' | 'not counting' | 'counting and logging';

/** The proxy with the map of France. */
export async function startTerritory(upstream: string, counted: Counted, listening: (port: number) => void) {
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
      observer: counted === 'not counting' ? undefined : observer(rewriters, counted),
      internal: (_request, response) => void response.end(),
      mergeMsearch,
    },
  );
  listening((await server.listen()).port);
}

/** As a proxy in one process counts: once a second what was counted goes to the metrics and the statistics. */
function observer(rewriters: Rewriters<Rewriter>, counted: Counted): Observer {
  const cache = () => rewriters.current.cache.stats();
  const tree = () => ({ version: rewriters.current.tree.version, units: 0, loadedAt: new Date(0) });
  const metrics = new Metrics({ cache, tree, inFlight: () => 0 }, { version: '0' });
  const stats = new Stats({
    cache,
    tree,
    label: (code) => rewriters.current.tree.unit(code)?.label,
    suggest: (code) => rewriters.current.tree.suggest(code),
  });
  const counting = new Counting([metrics, stats], new Groups(() => rewriters.current.tree));
  setInterval(() => counting.flush(), 1000);
  if (counted === 'counting') return counting;
  return new Observers(counting, new QueryLog(createLogger('info', createWriteStream('/dev/null'))));
}
