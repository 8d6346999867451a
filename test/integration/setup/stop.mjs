import { rmSync } from 'node:fs';

/** After the integration tests: takes away what `start.mjs` made, and stops the Elasticsearch if it started one. */
export default async function stop() {
  rmSync(globalThis.testFolder, { recursive: true });
  await globalThis.testElasticsearch?.stop();
}
