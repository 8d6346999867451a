import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from '../../../scripts/lib/build.mjs';
import { isReady, startElasticsearch } from '../../../scripts/lib/elasticsearch.mjs';
import { MAIN } from '../../../scripts/lib/proxy-process.mjs';
import { run } from '../../../scripts/lib/run.mjs';

/**
 * Before the integration tests: the command line is built (tests run it as a process), it made the tree of France
 * (`TEST_TERRITORY_TREE`), and a real Elasticsearch is up (`TEST_ELASTICSEARCH_URL`). Without one of them the run fails.
 *
 * For work on the code, `TEST_ELASTICSEARCH_URL` names one that is up already (`node scripts/elasticsearch.mjs`); then
 * types that are wrong somewhere are printed and the run goes on with what the compiler made of them.
 */
export default async function start() {
  const given = process.env.TEST_ELASTICSEARCH_URL;
  if (given && !(await isReady(given))) {
    throw new Error(`TEST_ELASTICSEARCH_URL is ${given}, but no Elasticsearch is ready there.`);
  }
  await buildWhenStale().catch((error) => {
    if (!given) throw error;
    console.error(error.message);
  });
  const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-integration-'));
  // However the run ends.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TEST_TERRITORY_TREE = join(folder, 'france.tree');
  const command = [MAIN, 'tree', 'build', '--from', 'cog', '--out', process.env.TEST_TERRITORY_TREE];
  const { code, output } = await run(process.execPath, command);
  if (code !== 0) throw new Error(`The tree of France could not be made:\n${output.trimEnd()}`);
  if (!given) {
    globalThis.testElasticsearch = await startElasticsearch();
    process.env.TEST_ELASTICSEARCH_URL = globalThis.testElasticsearch.url;
  }
}
