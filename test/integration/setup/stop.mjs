/** After the integration tests: stops the Elasticsearch that `start.mjs` started, if it did. */
export default async function stop() {
  await globalThis.testElasticsearch?.stop();
}
