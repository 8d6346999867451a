import { createIndex, elasticsearchUrl, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { rawRequest } from './support/raw-request.js';

const client = newClient();
const index = uniqueName('articles');

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

test('the integration tests run against a real Elasticsearch 8.19', async () => {
  const { version } = await client.info();
  expect(version.number).toMatch(/^8\.19\./);
});

test('an index of the tests can be made, filled and searched', async () => {
  await createIndex(client, index, { properties: { tag: { type: 'keyword' } } }, [
    ['a', { tag: 'COM:69123' }],
    ['b', { tag: 'COM:01234' }],
  ]);
  expect(ids(await client.search({ index, query: { term: { tag: 'COM:69123' } } }))).toEqual(['a']);
});

test('a raw request shows the bytes of the answer', async () => {
  const answer = await rawRequest(
    elasticsearchUrl(),
    `GET /${index}/_count HTTP/1.1\r\nHost: es\r\nConnection: close\r\n\r\n`,
  );
  expect(answer.status).toBe(200);
  expect(answer.headers['x-elastic-product']).toEqual(['Elasticsearch']);
  expect(JSON.parse(answer.body.toString()).count).toBe(2);
});
