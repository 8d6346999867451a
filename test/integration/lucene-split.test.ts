import { findShorthand, luceneText, MAX_BRANCHING, type Piece, split } from '../../src/query/lucene/index.js';
import { TerritoryUnsupportedError } from '../../src/territory/errors.js';
import type { Expansion } from '../../src/territory/expansion.js';
import { expansionToQuery } from '../../src/territory/expansion-query.js';
import { runs, SEED } from '../support/seed.js';
import { newClient, uniqueName } from './support/elasticsearch.js';
import {
  createCorpus,
  EXPANSIONS,
  hitsOf,
  type RandomSearch,
  randomSearches,
  withMarks,
  withShorthand,
} from './support/lucene-corpus.js';
import { asExpected } from './support/scores.js';

const client = newClient();
const index = uniqueName('lucene-split');

beforeAll(async () => {
  console.log(`lucene-split: TEST_SEED=${SEED}`);
  await createCorpus(client, index, SEED);
});

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

/** The query that is split, or undefined where that is refused. `writes`: which uses stand in the text all the same. */
function splitSearch({ text, settings }: RandomSearch, writes: (use: number) => boolean): object | undefined {
  const defaultOperator = settings.default_operator === 'and' ? 'and' : 'or';
  const reading = findShorthand(withShorthand(text), 'territory', defaultOperator);
  const pieces = reading.uses.map(({ values }, i): Piece => {
    const expansion = EXPANSIONS[values[0] as string] as Expansion;
    if (writes(i)) return { text: luceneText(expansion) };
    return { query: JSON.stringify(expansionToQuery(expansion)) };
  });
  const queryString = (query: string) => JSON.stringify({ query_string: { query, ...settings } });
  try {
    return JSON.parse(split(reading, pieces, { settings, defaultOperator, queryString, outer: '"boost":2' }));
  } catch (error) {
    if (error instanceof TerritoryUnsupportedError && reading.uses.length > MAX_BRANCHING) return undefined;
    throw error;
  }
}

async function compare(searches: readonly RandomSearch[], writes: (use: number) => boolean): Promise<number> {
  const kept = searches.flatMap((search) => {
    const query = splitSearch(search, writes);
    return query === undefined ? [] : [{ search, query }];
  });
  const found = await hitsOf(
    client,
    index,
    kept.map(({ query }) => query),
  );
  const expected = await hitsOf(
    client,
    index,
    kept.map(({ search: { text, settings } }) => ({ query_string: { query: withMarks(text), boost: 2, ...settings } })),
  );
  let compared = 0;
  for (const [i, search] of kept.entries()) {
    // A phrase that an analyzer makes on a keyword is an error, but only where anything else is left to match.
    if (expected[i] === 'error 400') continue;
    const hits = expected[i] as string;
    expect({ ...search, hits: asExpected(found[i] as string, hits) }).toEqual({ ...search, hits });
    compared++;
  }
  expect(new Set(expected).size).toBeGreaterThan(kept.length / 4);
  return compared;
}

test('random strings find with their territories split off what they find by hand, with equal scores', async () => {
  expect(await compare(randomSearches(SEED, runs(1000), false), () => false)).toBeGreaterThan(runs(850));
});

test('so they do with some of them written in', async () => {
  expect(await compare(randomSearches(SEED + 1, runs(300), false), (use) => use % 2 === 1)).toBeGreaterThan(runs(250));
});

test('so they do under an analyzer that would change the codes', async () => {
  const searches = randomSearches(SEED + 2, runs(300), false).map(({ text, settings }, i) => ({
    text,
    settings: {
      ...settings,
      ...(i % 2 === 0 ? { analyzer: 'french' } : { quote_analyzer: 'english', quote_field_suffix: '.x' }),
    },
  }));
  expect(await compare(searches, () => false)).toBeGreaterThan(runs(250));
});
