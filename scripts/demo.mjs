// The product in a minute (`npm run demo`): installs, builds, makes the tree of France, finds an Elasticsearch, fills
// the index `articles` with real French texts, starts the proxy, shows what it does, and stays up until Ctrl-C.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from './lib/build.mjs';
import { cacheFolder } from './lib/cache-folder.mjs';
import { findElasticsearch, withoutPassword } from './lib/find-elasticsearch.mjs';
import { isFree } from './lib/free-port.mjs';
import { install } from './lib/install.mjs';
import { progress } from './lib/progress.mjs';
import { MAIN, startProxy } from './lib/proxy-process.mjs';
import { run } from './lib/run.mjs';

const port = Number(process.env.PORT || 9280);
const cleanups = [];
let stopping;

/** Stops what was started, the last first; each is tried even if one before it failed. */
function stop(code) {
  stopping ??= (async () => {
    for (const cleanup of cleanups.reverse()) await cleanup().catch((error) => console.error(error.message));
    process.exit(code);
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    console.log('\nStopping …');
    stop(0);
  });
}

async function demo() {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT is "${process.env.PORT}", which is no port.`);
  if (!(await isFree(port))) {
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another: PORT=9281 npm run demo`,
    );
  }
  await install();
  await buildWhenStale();
  const snapshot = join(cacheFolder(), 'demo-france.tree');
  const building = await progress(
    'Making the tree of France',
    run(process.execPath, [MAIN, 'tree', 'build', '--from', 'cog', '--out', snapshot]),
  );
  if (building.code !== 0) throw new Error(building.output.trimEnd());

  // What is installed and built just now can only be imported now.
  const [
    { Client },
    { TerritoryTree },
    { loadConfig },
    { fillIndex, INDEX },
    { EXAMPLES, showExample },
    { seedHistory },
    { startTraffic },
  ] = await Promise.all([
    import('@elastic/elasticsearch'),
    import('../dist/index.js'),
    import('../dist/config/load.js'),
    import('./lib/demo-index.mjs'),
    import('./lib/demo-examples.mjs'),
    import('./lib/demo-history.mjs'),
    import('./lib/demo-traffic.mjs'),
  ]);
  const tree = await TerritoryTree.load(snapshot);

  const elasticsearch = await findElasticsearch(process.env.ELASTICSEARCH_URL);
  cleanups.push(elasticsearch.stop);
  const [node] = elasticsearch.url.split(',');
  const direct = new Client({ node, requestTimeout: 120_000 });
  cleanups.push(() => direct.close());
  const { documents, areas, towns, reused } = await fillIndex(direct, tree);

  const folder = await mkdtemp(join(tmpdir(), 'territory-proxy-demo-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const [config, log] = [join(folder, 'demo.yaml'), join(folder, 'proxy.log')];
  const history = join(folder, 'history');
  const settings = {
    indices: { [INDEX]: { units: 'territories', ancestors: 'territory_path' } },
    history: { folder: history },
  };
  // JSON is YAML. What is made up goes into a folder of the demo's own, never into a database that somebody named.
  await writeFile(config, JSON.stringify(settings));
  delete process.env.DATABASE_URL;
  const { timeZone } = loadConfig({ file: config, environment: {} });
  await progress('Seeding two weeks of history', seedHistory({ place: { folder: history }, tree, timeZone }));
  const environment = { ELASTICSEARCH_URL: elasticsearch.url, TERRITORY_TREE: snapshot };
  const proxy = await startProxy({ port, config, environment, log });
  cleanups.push(proxy.stop);
  const client = new Client({ node: proxy.url, maxRetries: 0 });
  cleanups.push(() => client.close());

  console.log(`
The map       ${tree.unitCount} units of France, version ${tree.version}
The articles  ${documents} of French collective agreements${reused ? ' (from an earlier run)' : ''}; ${areas} name a department or region, ${towns} a town
              each is tagged with the codes that it names (territories) and all units around them (territory_path)
`);
  for (const example of EXAMPLES) {
    for (const line of await showExample(client, example, (code) => tree.unit(code)?.label ?? code)) console.log(line);
  }
  cleanups.push(startTraffic(proxy.url, INDEX));
  console.log(`Proxy          ${proxy.url}
Stand-up page  ${proxy.url}/_territory/dashboard
               with a search a second, and two weeks of history that were made up (the page says so)
Elasticsearch  ${withoutPassword(elasticsearch.url)} (${elasticsearch.source})
Statistics     ${proxy.url}/_territory/stats
Its log        ${log}
Tree           ${snapshot}

Try            curl '${proxy.url}/${INDEX}/_search?q=salaire+AND+territory:DEP:69'

It stays up. Ctrl-C stops everything.`);
  const code = await proxy.ended;
  if (!stopping) throw new Error(`The proxy ended by itself with exit code ${code}.`);
}

try {
  await demo();
} catch (error) {
  if (!stopping) {
    console.error(error.message);
    await stop(1);
  }
}
