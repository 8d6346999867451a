import fc from 'fast-check';
import { parse } from '../../src/query/lucene/parse.js';
import { scan } from '../../src/query/lucene/scan.js';
import { TerritorySyntaxError } from '../../src/territory/errors.js';
import { runs, SEED } from '../support/seed.js';
import { createIndex, newClient, uniqueName } from './support/elasticsearch.js';

const client = newClient();
const index = uniqueName('lucene-grammar');

beforeAll(async () => {
  console.log(`lucene-grammar: TEST_SEED=${SEED}`);
  await createIndex(client, index, { properties: { title: { type: 'text' } } }, [['a', { title: 'foo bar' }]]);
});

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

const PIECES = [
  ...['title:', 'foo', 'bar', 'AND', 'OR', 'NOT', '&&', '||', '+', '-', '!', '- ', '(', ')', '()', ' ', ' ', ' ', '\t'],
  ...['\u3000', '\u00a0', '"', '"a b"', '\\"', '\\', '\\\\', '^2', '^', '^2.5', '~', '~1', '*', '?', 'b*r', '/', '\\/'],
  ...[
    '/fo+/',
    '[a TO b]',
    '{a TO b]',
    '[',
    ']',
    '{',
    '}',
    'TO',
    '[a TO "b c"}',
    '"a"x',
    ':',
    '*:*',
    '.',
    '1',
    'é',
    '&',
    '|',
  ],
];

function isReadable(text: string): boolean {
  try {
    parse(text, scan(text), () => false);
    return true;
  } catch (error) {
    if (error instanceof TerritorySyntaxError) return false;
    throw error;
  }
}

/** Whether Lucene's parser could read it; undefined where another error came first (an edit distance of 7). */
async function areReadable(texts: readonly string[]): Promise<(boolean | undefined)[]> {
  const searches = texts.flatMap((query) => [{}, { query: { query_string: { query, lenient: true } }, size: 0 }]);
  const { responses } = await client.msearch({ index, searches });
  return responses.map((response) => {
    if (!('error' in response)) return true;
    return /Encountered|Lexical error/.test(JSON.stringify(response.error)) ? false : undefined;
  });
}

test('what can be read and what can not is the same for the scanner and for Elasticsearch', async () => {
  const soup = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
  const texts = fc.sample(soup, { seed: SEED, numRuns: runs(4000) });
  const readable: (boolean | undefined)[] = [];
  for (let i = 0; i < texts.length; i += 500) readable.push(...(await areReadable(texts.slice(i, i + 500))));
  const differing = texts.filter((text, i) => readable[i] !== undefined && isReadable(text) !== readable[i]);
  expect(differing).toEqual([]);
  expect(readable.filter((yes) => yes).length).toBeGreaterThan(texts.length / 10);
});
