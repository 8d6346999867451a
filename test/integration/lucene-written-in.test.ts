import { findShorthand, luceneText, whyNotWrittenIn, writeIn } from '../../src/query/lucene/index.js';
import type { Expansion } from '../../src/territory/expansion.js';
import { runs, SEED } from '../support/seed.js';
import { newClient, uniqueName } from './support/elasticsearch.js';
import {
  createCorpus,
  EXPANSIONS,
  hitsOf,
  markOf,
  type RandomSearch,
  randomSearches,
  withMarks,
  withShorthand,
} from './support/lucene-corpus.js';
import { asExpected } from './support/scores.js';

const client = newClient();
const index = uniqueName('lucene-written-in');

beforeAll(async () => {
  console.log(`lucene-written-in: TEST_SEED=${SEED}`);
  await createCorpus(client, index, SEED);
});

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

async function compare(searches: readonly RandomSearch[]): Promise<number> {
  const kept: { text: string; settings: RandomSearch['settings']; written: string; oracle: string }[] = [];
  for (const { text, settings } of searches) {
    const operator = settings.default_operator === 'and' ? 'and' : 'or';
    const reading = findShorthand(withShorthand(text), 'territory', operator);
    const texts = reading.uses.map(({ values }) => luceneText(EXPANSIONS[values[0] as string] as Expansion));
    if (whyNotWrittenIn(settings, 0, reading, texts) !== undefined) continue;
    kept.push({ text, settings, written: writeIn(reading, texts), oracle: withMarks(text) });
  }
  const queryStrings = (key: 'written' | 'oracle') =>
    kept.map((search) => ({ query_string: { query: search[key], ...search.settings } }));
  const written = await hitsOf(client, index, queryStrings('written'));
  const oracle = await hitsOf(client, index, queryStrings('oracle'));
  for (const [i, search] of kept.entries()) {
    const hits = oracle[i] as string;
    expect({ ...search, hits: asExpected(written[i] as string, hits) }).toEqual({ ...search, hits });
  }
  expect(written.filter((hits) => hits.startsWith('error'))).toEqual([]);
  expect(new Set(written).size).toBeGreaterThan(written.length / 4);
  return kept.length;
}

test('random strings find with the shorthand written in what they find by marks, with equal scores', async () => {
  expect(await compare(randomSearches(SEED, runs(1000), false))).toBe(runs(1000));
});

test('so they do with minimum_should_match', async () => {
  // Where stop words leave nothing but the expansion, Elasticsearch counts its codes, as it does where they are written by
  // hand; a word that is none keeps them apart.
  const searches = randomSearches(SEED + 1, runs(400), true).map((search) => ({
    ...search,
    text: `${search.text} house`,
  }));
  expect(await compare(searches)).toBe(runs(400));
});

test('a boost adds just itself to the score, as a constant', async () => {
  for (const code of Object.keys(EXPANSIONS)) {
    const query = luceneText(EXPANSIONS[code] as Expansion, '2.5');
    const [boosted, constant] = await hitsOf(client, index, [
      { query_string: { query } },
      { constant_score: { filter: { exists: { field: markOf(code) } }, boost: 2.5 } },
    ]);
    expect(boosted).toBe(constant);
  }
});
