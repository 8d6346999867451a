import { findShorthand, luceneText, whyNotWrittenIn, writeIn } from '../../src/query/lucene/index.js';
import type { Expansion } from '../../src/territory/expansion.js';
import { newClient, uniqueName } from './support/elasticsearch.js';
import { createCorpus, EXPANSIONS, hitsOf, type RandomSearch, randomSearches } from './support/lucene-corpus.js';

const client = newClient();
const index = uniqueName('lucene-written-in');
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

beforeAll(async () => {
  console.log(`lucene-written-in: TEST_SEED=${seed}`);
  await createCorpus(client, index, seed);
});

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

const FORMS = [
  (code: string) => `territory:${code}`,
  (code: string) => `territory:"${code}"`,
  (code: string) => `territory:${code.replace(':', '\\:')}`,
  (code: string) => `terri\\tory:(${code})`,
];

/** The text with the shorthand, its forms in turn. */
function withShorthand(text: string): string {
  let form = 0;
  return text.replace(/<([^>]+)>/g, (_, code: string) => (FORMS[form++ % FORMS.length] as (typeof FORMS)[0])(code));
}

async function compare(searches: readonly RandomSearch[]): Promise<number> {
  const kept: { text: string; settings: RandomSearch['settings']; written: string; oracle: string }[] = [];
  for (const { text, settings } of searches) {
    const operator = settings.default_operator === 'and' ? 'and' : 'or';
    const reading = findShorthand(withShorthand(text), 'territory', operator);
    const texts = reading.uses.map(({ values }) => luceneText(EXPANSIONS[values[0] as string] as Expansion));
    if (whyNotWrittenIn(settings, 0, reading, texts) !== undefined) continue;
    // Elasticsearch counts the clauses of the outermost group, and here the expansion is that: as written by hand.
    if (reading.sole && settings.minimum_should_match !== undefined) continue;
    const oracle = text.replace(/<([^>]+)>/g, (_, code: string) => `marks:"${code}"^0`);
    kept.push({ text, settings, written: writeIn(reading, texts), oracle });
  }
  const queryStrings = (key: 'written' | 'oracle') =>
    kept.map((search) => ({ query_string: { query: search[key], ...search.settings } }));
  const written = await hitsOf(client, index, queryStrings('written'));
  const oracle = await hitsOf(client, index, queryStrings('oracle'));
  for (const [i, search] of kept.entries()) {
    expect({ ...search, hits: written[i] }).toEqual({ ...search, hits: oracle[i] });
  }
  expect(written.filter((hits) => hits.startsWith('error'))).toEqual([]);
  expect(new Set(written).size).toBeGreaterThan(written.length / 4);
  return kept.length;
}

test('random strings find with the shorthand written in what they find by marks, with equal scores', async () => {
  expect(await compare(randomSearches(seed, 600, false))).toBe(600);
});

test('so they do with minimum_should_match', async () => {
  expect(await compare(randomSearches(seed + 1, 400, true))).toBeGreaterThan(300);
});

test('a boost adds just itself to the score, as a constant', async () => {
  for (const code of Object.keys(EXPANSIONS)) {
    const query = luceneText(EXPANSIONS[code] as Expansion, '2.5');
    const [boosted, constant] = await hitsOf(client, index, [
      { query_string: { query } },
      { constant_score: { filter: { term: { marks: code } }, boost: 2.5 } },
    ]);
    expect(boosted).toBe(constant);
  }
});
