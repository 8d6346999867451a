import { randomBytes } from 'node:crypto';
import { Client, type estypes } from '@elastic/elasticsearch';

/** The address of the Elasticsearch that the run's setup started (or that `TEST_ELASTICSEARCH_URL` named). */
export function elasticsearchUrl(): string {
  const url = process.env.TEST_ELASTICSEARCH_URL;
  if (!url) throw new Error('No Elasticsearch: run this test with `node scripts/jest.mjs integration`.');
  return url;
}

/** The same of version 7.17, which has what 8.19 here lacks: search templates, percolation, ranking evaluation. */
export function elasticsearch7Url(): string {
  const url = process.env.TEST_ELASTICSEARCH_7_URL;
  if (!url) throw new Error('No Elasticsearch 7.17: run this test with `node scripts/jest.mjs integration`.');
  return url;
}

/** The official client on `url`: Elasticsearch itself by default, or a proxy. Close it when the test is done. */
export function newClient(url: string = elasticsearchUrl()): Client {
  // A busy machine takes its time: only what hangs is given up.
  return new Client({ node: url, maxRetries: 0, requestTimeout: 240_000 });
}

/** A name that no other test file and no earlier run uses: they share one Elasticsearch and may run side by side. */
export function uniqueName(stem: string): string {
  return `${stem}-${randomBytes(5).toString('hex')}`;
}

/**
 * Makes an index of one shard and fills it; the documents can be found at once.
 * @param documents each `[id, source]`
 */
export async function createIndex(
  client: Client,
  index: string,
  mappings: estypes.MappingTypeMapping,
  documents: readonly (readonly [id: string, source: object])[],
): Promise<void> {
  await client.indices.create({ index, settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings });
  if (documents.length === 0) return;
  const operations = documents.flatMap(([_id, source]) => [{ index: { _id } }, source]);
  const answer = await client.bulk({ index, refresh: true, operations });
  if (answer.errors) throw new Error(`Documents of ${index} were refused: ${JSON.stringify(answer.items.slice(0, 3))}`);
}

/** The ids of a search's hits, in their order. */
export function ids(answer: { hits: { hits: { _id?: string }[] } }): string[] {
  return answer.hits.hits.map((hit) => hit._id ?? '');
}
