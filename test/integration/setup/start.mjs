import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from '../../../scripts/lib/build.mjs';
import { isReady, startElasticsearch } from '../../../scripts/lib/elasticsearch.mjs';
import { MAIN } from '../../../scripts/lib/proxy-process.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { TEST_SERVERS } from '../../../scripts/lib/test-servers.mjs';

/**
 * Before the integration tests: the command line is built (tests run it as a process), it made the tree of France
 * (`TEST_TERRITORY_TREE`), and two real Elasticsearch are up, 8.19 (`TEST_ELASTICSEARCH_URL`) and 7.17
 * (`TEST_ELASTICSEARCH_7_URL`). Without one of them the run fails.
 *
 * For work on the code, these variables name servers that are up already (`node scripts/elasticsearch.mjs [--version
 * 7.17]`); then types that are wrong somewhere are printed and the run goes on with what the compiler made of them.
 */
export default async function start() {
  const given = Object.keys(TEST_SERVERS).filter((name) => process.env[name]);
  for (const name of given) {
    if (await isReady(process.env[name])) continue;
    throw new Error(`${name} is ${process.env[name]}, but no Elasticsearch is ready there.`);
  }
  await buildWhenStale().catch((error) => {
    if (given.length === 0) throw error;
    console.error(error.message);
  });
  const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-integration-'));
  // However the run ends.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TEST_TERRITORY_TREE = join(folder, 'france.tree');
  const command = [MAIN, 'tree', 'build', '--from', 'cog', '--out', process.env.TEST_TERRITORY_TREE];
  const { code, output } = await run(process.execPath, command);
  if (code !== 0) throw new Error(`The tree of France could not be made:\n${output.trimEnd()}`);
  globalThis.testElasticsearch = [];
  const starts = Object.entries(TEST_SERVERS).map(async ([name, options]) => {
    if (given.includes(name)) return;
    const server = await startElasticsearch(options);
    globalThis.testElasticsearch.push(server);
    process.env[name] = server.url;
  });
  // All are waited for, so that none is left running when another did not come up.
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
  if (failed === undefined) return;
  for (const server of globalThis.testElasticsearch) await server.stop();
  throw failed.reason;
}
