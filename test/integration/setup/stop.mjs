/** After the integration tests: stops the servers that `start.mjs` started. */
export default async function stop() {
  for (const server of globalThis.testElasticsearch ?? []) await server.stop();
}
