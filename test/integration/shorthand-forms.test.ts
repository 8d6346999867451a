import type { Client, estypes } from '@elastic/elasticsearch';
import { articles, FIELDS, MAPPINGS } from './support/articles.js';
import { createIndex, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

const direct = newClient();
const index = uniqueName('forms');
let proxy: RunningProxy;
let client: Client;

beforeAll(async () => {
  proxy = await startProxy({ indices: { [index]: FIELDS } });
  client = newClient(proxy.url);
  await createIndex(direct, index, MAPPINGS, articles(proxy.tree));
});

afterAll(async () => {
  await direct.indices.delete({ index, ignore_unavailable: true });
  await Promise.all([client.close(), direct.close()]);
  await proxy.stop();
});

const size = 100;

/** The clause that a person who knows the map would write. */
const byHand = (...codes: string[]): estypes.QueryDslQueryContainer => ({ terms: { territory_path: codes } });

const LYON = byHand('COM:69123', 'COM:69232');
const AIN_OR_NANTES = byHand('DEP:01', 'COM:44109');
const REGION_WITHOUT_RHONE = byHand(
  ...['01', '03', '07', '15', '26', '38', '42', '43', '63', '73', '74'].map((id) => `DEP:${id}`),
  'EPCI:200070852',
);

/** The shorthand is no query of the client's types. */
const clause = (value: unknown) => ({ territory: value }) as estypes.QueryDslQueryContainer;

const queryString = (query: string): estypes.QueryDslQueryContainer => ({ query_string: { query } });

describe('hits of the shorthand are those of the query written by hand', () => {
  const forms: [string, estypes.QueryDslQueryContainer, estypes.QueryDslQueryContainer][] = [
    ['term', { term: { territory: 'COM:69123' } }, LYON],
    ['term, long form', { term: { territory: { value: 'COM:69123', boost: 2 } } }, LYON],
    ['term with an expression', { term: { territory: 'REG:84 - DEP:69' } }, REGION_WITHOUT_RHONE],
    ['terms', { terms: { territory: ['DEP:01', 'COM:44109'] } }, AIN_OR_NANTES],
    ['match', { match: { territory: 'COM:69123' } }, LYON],
    ['match, long form', { match: { territory: { query: 'COM:69123' } } }, LYON],
    ['match_phrase', { match_phrase: { territory: 'COM:69123' } }, LYON],
    ['exists', { exists: { field: 'territory' } }, { exists: { field: 'territory_path' } }],
    ['a clause with codes', clause({ codes: ['DEP:01', 'COM:44109'] }), AIN_OR_NANTES],
    ['a clause with an expression', clause({ expression: 'DEP:01 | COM:44109' }), AIN_OR_NANTES],
    ['a clause with a string', clause('REG:84 - DEP:69'), REGION_WITHOUT_RHONE],
    ['a former code', clause('COM:69232'), LYON],
    ['an empty territory', clause('DEP:01 - CNTRY:F'), { match_none: {} }],
    ['Lucene', queryString('territory:COM:69123'), LYON],
    ['Lucene with an escaped colon', queryString('territory:COM\\:69123'), LYON],
    ['Lucene with quotes', queryString('territory:"COM:69123"'), LYON],
    ['Lucene with an expression', queryString('territory:"REG:84 - DEP:69"'), REGION_WITHOUT_RHONE],
    ['Lucene with a group', queryString('territory:(DEP:01 OR COM:44109)'), AIN_OR_NANTES],
    ['Lucene with _exists_', queryString('_exists_:territory'), { exists: { field: 'territory_path' } }],
    [
      'Lucene among words and operators',
      queryString('salaire AND NOT territory:COM:69123'),
      { bool: { must: { match: { text: 'salaire' } }, must_not: LYON } },
    ],
    [
      'under bool, with its minimum_should_match',
      {
        bool: {
          must_not: { term: { territory: 'COM:69123' } },
          should: [clause('DEP:01 | COM:44109'), { match: { text: 'paris' } }],
          minimum_should_match: 1,
        },
      },
      { bool: { must_not: LYON, should: [AIN_OR_NANTES, { match: { text: 'paris' } }], minimum_should_match: 1 } },
    ],
    ['under constant_score', { constant_score: { filter: clause('COM:69123') } }, LYON],
    [
      'under dis_max',
      { dis_max: { queries: [clause('COM:69123'), clause('DEP:01 | COM:44109')] } },
      { bool: { should: [LYON, AIN_OR_NANTES] } },
    ],
    [
      'under boosting',
      { boosting: { positive: clause('COM:69123'), negative: { match_all: {} }, negative_boost: 0.5 } },
      LYON,
    ],
    ['under function_score', { function_score: { query: clause('COM:69123'), functions: [{ weight: 2 }] } }, LYON],
  ];

  test.each(forms)('%s', async (name, shorthand, written) => {
    const sort = '_doc';
    const expected = ids(await direct.search({ index, size, sort, query: written }));
    expect(expected.length > 0).toBe(name !== 'an empty territory');
    expect(ids(await client.search({ index, size, sort, query: shorthand }))).toEqual(expected);
    expect((await client.count({ index, query: shorthand })).count).toBe(expected.length);
  });

  test('post_filter', async () => {
    const answer = await client.search({ index, size, post_filter: clause('COM:69123') });
    expect(ids(answer).sort()).toEqual(ids(await direct.search({ index, size, post_filter: LYON })).sort());
  });

  test('the filter and filters aggregations', async () => {
    const aggs = (lyon: estypes.QueryDslQueryContainer, other: estypes.QueryDslQueryContainer) => ({
      one: { filter: lyon, aggs: { inner: { filter: other } } },
      more: { filters: { filters: { lyon, other }, other_bucket_key: 'rest' } },
      listed: { filters: { filters: [other, lyon] } },
    });
    const shorthand = await client.search({
      index,
      size: 0,
      aggs: aggs(clause('COM:69123'), clause('DEP:01 | COM:44109')),
    });
    const written = await direct.search({ index, size: 0, aggs: aggs(LYON, AIN_OR_NANTES) });
    expect(shorthand.aggregations).toEqual(written.aggregations);
  });

  test('q= in the URL', async () => {
    const answer = await client.search({ index, size, q: 'salaire AND territory:COM:69123' });
    const written = await direct.search({ index, size, query: { bool: { filter: LYON } } });
    expect(ids(answer).sort()).toEqual(ids(written).sort());
    expect((await client.count({ index, q: 'territory:"REG:84 - DEP:69"' })).count).toBe(
      (await direct.count({ index, query: REGION_WITHOUT_RHONE })).count,
    );
  });

  test('an expansion never adds to the score of a query string', async () => {
    const scores = (answer: estypes.SearchResponse) => answer.hits.hits.map(({ _id, _score }) => [_id, _score]);
    const shorthand = await client.search({ index, query: queryString('nantes AND territory:COM:44109') });
    const written = await direct.search({
      index,
      query: { bool: { must: queryString('text:nantes'), filter: byHand('COM:44109') } },
    });
    expect(scores(shorthand)).toEqual(scores(written));
  });
});

describe('an answer says what was done', () => {
  test('the second time the expansion comes from the cache', async () => {
    const body = { query: { term: { territory: 'EPCI:200046977' } } };
    const [first, second] = [
      await client.search({ index, ...body }, { meta: true }),
      await client.search({ index, ...body }, { meta: true }),
    ];
    expect(first.headers).toMatchObject({
      'x-territory-rewrites': '1',
      'x-territory-cache': 'miss',
      'x-territory-version': proxy.tree.version,
      'server-timing': expect.stringMatching(/territory;dur=\d/),
    });
    expect(second.headers?.['x-territory-cache']).toBe('hit');
  });

  test('a request without shorthand has none of the headers', async () => {
    const { headers } = await client.search({ index, query: { match_all: {} } }, { meta: true });
    expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('x-territory'))).toEqual([]);
  });
});

describe('an unknown code is refused', () => {
  const refusal = {
    statusCode: 400,
    body: {
      status: 400,
      error: {
        type: 'unknown_unit_exception',
        units: ['COM:234', 'DEP:999'],
        suggestions: { 'COM:234': expect.arrayContaining(['COM:01234', 'COM:02234']) },
      },
    },
  };

  test.each([
    ['in a clause', { query: clause({ codes: ['COM:234', 'COM:69123', 'DEP:999'] }) }],
    ['in a query string', { query: queryString('territory:(COM:234 OR DEP:999)') }],
    ['in q=', { q: 'territory:(COM:234 OR DEP:999)' }],
  ])('%s, with all names and suggestions', async (_name, search) => {
    await expect(client.search({ index, ...search })).rejects.toMatchObject({ meta: refusal });
  });

  test('in one search of an _msearch, and the others run', async () => {
    const { responses } = await client.msearch({
      searches: [
        { index },
        { query: clause('COM:69123') },
        { index },
        { query: clause('COM:234') },
        {},
        { query: clause('DEP:01') },
      ],
    });
    expect(responses).toMatchObject([
      { status: 200, hits: { total: { value: 4 } } },
      { status: 400, error: { type: 'unknown_unit_exception', units: ['COM:234'] } },
      { status: 200 },
    ]);
  });
});
