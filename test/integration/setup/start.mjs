import { buildWhenStale } from '../../../scripts/lib/build.mjs';
import { isReady, startElasticsearch } from '../../../scripts/lib/elasticsearch.mjs';

/**
 * Before the integration tests: the command line is built (tests run it as a process) and a real Elasticsearch is up.
 * Without either the run fails.
 *
 * For work on the code, `TEST_ELASTICSEARCH_URL` names one that is up already (`node scripts/elasticsearch.mjs`); then
 * types that are wrong somewhere are printed and the run goes on with what the compiler made of them.
 */
export default async function start() {
  const given = process.env.TEST_ELASTICSEARCH_URL;
  if (given) {
    if (!(await isReady(given)))
      throw new Error(`TEST_ELASTICSEARCH_URL is ${given}, but no Elasticsearch is ready there.`);
    await buildWhenStale().catch((error) => console.error(error.message));
    return;
  }
  await buildWhenStale();
  const server = await startElasticsearch();
  process.env.TEST_ELASTICSEARCH_URL = server.url;
  globalThis.stopElasticsearch = async () => {
    delete process.env.TEST_ELASTICSEARCH_URL;
    await server.stop();
  };
}
