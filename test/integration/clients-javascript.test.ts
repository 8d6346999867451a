import { Client, type estypes } from '@elastic/elasticsearch';
import { articles, FIELDS, MAPPINGS } from './support/articles.js';
import { createIndex, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const direct = newClient();
const index = uniqueName('javascript');
const COUNT = 1200;
const CAEN = ['COM:14118'];
const LYON = ['former-commune', 'lyon', 'lyon-3', 'lyon-and-nantes'];
const CALVADOS: estypes.QueryDslQueryContainer = { term: { territory: 'DEP:14' } };

interface Article {
  text: string;
  territories: string[];
  territory_path: string[];
}

let proxy: RunningProxy;
let client: Client;

beforeAll(async () => {
  proxy = await startProxy({ indices: { [index]: FIELDS } });
  client = newClient(proxy.url);
  await createIndex(direct, index, MAPPINGS, articles(proxy.tree));

  const datasource = Array.from({ length: COUNT }, (_, i) => ({
    text: `territory:COM:69123 ${i}`,
    territories: CAEN,
    territory_path: [...CAEN, 'DEP:14'],
  }));
  const done = await client.helpers.bulk({
    datasource,
    flushBytes: 20_000,
    refresh: true,
    onDocument: () => ({ index: { _index: index } }),
  });
  expect(done).toMatchObject({ total: COUNT, successful: COUNT, failed: 0 });
});

afterAll(async () => {
  await direct.indices.delete({ index, ignore_unavailable: true });
  await Promise.all([client.close(), direct.close()]);
  await proxy.stop();
});

describe('the official JavaScript client 8 through the proxy', () => {
  test('search: a term gets its articles, typed', async () => {
    const answer = await client.search<Article>({ index, query: { term: { territory: 'COM:69123' } } });
    expect(ids(answer).sort()).toEqual(LYON);
    expect(answer.hits.hits.every(({ _source }) => _source!.text.startsWith('salaire'))).toBe(true);
  });

  test('helpers.bulk: the documents arrive as they are, shorthand in a text included', async () => {
    const { hits } = await direct.search<Article>({ index, size: 1, query: { term: { territory_path: 'DEP:14' } } });
    expect(hits.total).toMatchObject({ value: COUNT });
    expect(hits.hits[0]?._source).toMatchObject({
      text: expect.stringMatching(/^territory:COM:69123 \d+$/),
      territories: CAEN,
    });
  });

  test('helpers.search, helpers.scrollSearch and helpers.scrollDocuments: every page', async () => {
    const found = await client.helpers.search<Article>({ index, query: { term: { territory: 'COM:69123' } } });
    expect(found).toHaveLength(LYON.length);
    let pages = 0;
    for await (const page of client.helpers.scrollSearch<Article>({ index, size: 500, query: CALVADOS })) {
      pages += 1;
      expect(page.documents.length).toBeGreaterThan(0);
    }
    expect(pages).toBe(3);
    const texts = new Set<string>();
    for await (const { text } of client.helpers.scrollDocuments<Article>({ index, size: 500, query: CALVADOS }))
      texts.add(text);
    expect(texts.size).toBe(COUNT);
  });

  test('a point in time: every page, though its requests name no index', async () => {
    let { id } = await client.openPointInTime({ index, keep_alive: '1m' });
    const found = new Set<string>();
    let search_after: estypes.SortResults | undefined;
    for (;;) {
      const pit = { id, keep_alive: '1m' };
      const answer = await client.search({
        pit,
        size: 500,
        query: CALVADOS,
        sort: [{ _shard_doc: 'asc' }],
        search_after,
      });
      id = answer.pit_id!;
      if (answer.hits.hits.length === 0) break;
      for (const hit of answer.hits.hits) found.add(hit._id!);
      search_after = answer.hits.hits.at(-1)!.sort;
    }
    expect(found.size).toBe(COUNT);
    expect((await client.closePointInTime({ id })).succeeded).toBe(true);
  });

  test('msearch and helpers.msearch: each search gets its own answer', async () => {
    const { responses } = await client.msearch({
      searches: [{ index }, { query: { term: { territory: 'COM:69123' } } }, { index }, { query: CALVADOS, size: 0 }],
    });
    expect(responses.map((response) => 'hits' in response && response.hits.total)).toMatchObject([
      { value: LYON.length },
      { value: COUNT },
    ]);
    const helper = client.helpers.msearch();
    const [lyon, nowhere] = await Promise.allSettled([
      helper.search({ index }, { query: { term: { territory: 'COM:69123' } } }),
      helper.search({ index }, { query: { term: { territory: 'COM:234' } } }),
    ]);
    helper.stop();
    expect(lyon).toMatchObject({ status: 'fulfilled', value: { documents: { length: LYON.length } } });
    expect(nowhere).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('COM:234') } });
  });

  test('a compressing client', async () => {
    const compressing = new Client({ node: proxy.url, compression: true });
    const answer = await compressing.search({ index, query: { term: { territory: 'COM:69123' } } });
    await compressing.close();
    expect(ids(answer).sort()).toEqual(LYON);
  });

  test('what needs no territory: info, mappings, a document written, read and deleted', async () => {
    expect((await client.info()).tagline).toBe('You Know, for Search');
    expect(await client.indices.getMapping({ index })).toEqual(await direct.indices.getMapping({ index }));
    await client.index({ index, id: 'one', document: { text: 'territory:COM:1' } });
    expect((await client.get<Article>({ index, id: 'one' }))._source).toEqual({ text: 'territory:COM:1' });
    expect((await client.delete({ index, id: 'one' })).result).toBe('deleted');
    await expect(client.get({ index, id: 'one' })).rejects.toMatchObject({ meta: { statusCode: 404 } });
  });
});
