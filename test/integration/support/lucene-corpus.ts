import type { Client, estypes } from '@elastic/elasticsearch';
import fc from 'fast-check';
import type { Expansion } from '../../../src/territory/expansion.js';
import { createIndex } from './elasticsearch.js';

/**
 * A small world for random query strings: documents whose text has stop words of two languages, whose tags are codes, and
 * which have a field `m1` where they match what `territory:COM:1` means. So `_exists_:m1` is what that ought to find, told
 * without any expansion, and in words that no analyzer changes.
 */
const TAGS = ['A', 'B', 'C', 'D', 'E', 'F'];

const any = (...clauses: [field: string, ...codes: string[]][]): Expansion => ({
  kind: 'any',
  clauses: clauses.map(([field, ...codes]) => ({ field, codes })),
});

/** What each code of the shorthand expands to here. */
export const EXPANSIONS: Readonly<Record<string, Expansion>> = {
  'COM:1': any(['path', 'A']),
  'COM:2': any(['path', 'A', 'B', 'C']),
  'COM:3': any(['path', 'B', 'D'], ['units', 'E', 'F']),
  'COM:4': { kind: 'none' },
  'COM:5': { kind: 'not', exists: 'units', clauses: [{ field: 'path', codes: ['A', 'E'] }] },
  'COM:6': { kind: 'not', exists: 'path', clauses: [] },
};

const MAPPINGS: estypes.MappingTypeMapping = {
  properties: {
    english: { type: 'text', analyzer: 'english' },
    french: { type: 'text', analyzer: 'french' },
    plain: { type: 'text' },
    exact: { type: 'keyword' },
    path: { type: 'keyword' },
    units: { type: 'keyword' },
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`m${n}`, { type: 'boolean' } as const])),
  },
};

const WORDS = ['the', 'of', 'and', 'le', 'de', 'un', 'cat', 'cats', 'dog', 'house', 'maison', 'chat', 'chats', 'ville'];

/** Makes the index, its documents drawn by the seed. */
export async function createCorpus(client: Client, index: string, seed: number): Promise<void> {
  const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
  const tags = fc.subarray(TAGS, { maxLength: 3 });
  const document = fc.record({
    english: text,
    french: text,
    plain: text,
    exact: fc.constantFrom(...WORDS),
    path: tags,
    units: tags,
  });
  const documents = fc.sample(document, { seed, numRuns: 120 }).map((source, i) => {
    const marks = Object.entries(EXPANSIONS).flatMap(([code, expansion]) =>
      matches(expansion, source) ? [[markOf(code), true]] : [],
    );
    return [`d${String(i).padStart(3, '0')}`, { ...source, ...Object.fromEntries(marks) }] as const;
  });
  await createIndex(client, index, MAPPINGS, documents);
}

/** The field that a document has where it matches the code. */
export function markOf(code: string): string {
  return code.replace('COM:', 'm');
}

function matches(expansion: Expansion, source: { path: string[]; units: string[] }): boolean {
  if (expansion.kind === 'none') return false;
  const tags: Record<string, string[]> = source;
  const found = expansion.clauses.some(({ field, codes }) => codes.some((code) => tags[field]?.includes(code)));
  return expansion.kind === 'any' ? found : (tags[expansion.exists] ?? []).length > 0 && !found;
}

/** Parameters of a `query_string`, and a text in which `<COM:1>` stands where the shorthand is to stand. */
export interface RandomSearch {
  readonly text: string;
  readonly settings: Readonly<Record<string, string | readonly string[]>>;
}

/** Random boolean strings with both default operators, over analysed and plain fields. */
export function randomSearches(seed: number, count: number, minimumShouldMatch: boolean): RandomSearch[] {
  const word = fc.constantFrom(
    ...WORDS,
    'ca*',
    'd?g',
    'hous~',
    '"the cat"',
    '"cat of"',
    '"the"',
    'maison^3',
    '/cha.*/',
  );
  const field = fc.constantFrom('english', 'french', 'plain', 'exact');
  const code = fc.constantFrom(...Object.keys(EXPANSIONS)).map((name) => `<${name}>`);
  const { query } = fc.letrec<{ query: string; clause: string }>((tie) => ({
    clause: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: word, weight: 5 },
      { arbitrary: code, weight: 4 },
      { arbitrary: fc.tuple(field, word).map((pair) => pair.join(':')), weight: 2 },
      { arbitrary: tie('query').map((inner) => `(${inner})`), weight: 2 },
      { arbitrary: fc.tuple(field, tie('query')).map(([name, inner]) => `${name}:(${inner})`), weight: 1 },
      { arbitrary: tie('query').map((inner) => `(${inner})^2`), weight: 1 },
    ),
    query: fc
      .array(
        fc.tuple(
          fc.constantFrom(' ', ' ', ' ', ' AND ', ' OR ', ' && ', ' || ', '\u3000'),
          fc.constantFrom('', '', '', '', '+', '-', '!', 'NOT '),
          tie('clause'),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.map(([join, sign, clause], i) => (i === 0 ? '' : join) + sign + clause).join('')),
  }));
  const fields = fc.constantFrom<RandomSearch['settings']>(
    { default_field: 'english' },
    { default_field: 'french' },
    { default_field: 'plain' },
    { default_field: 'exact' },
    { fields: ['english^2', 'french'] },
    { fields: ['english', 'exact'], type: 'cross_fields' },
    { fields: ['french', 'plain'], type: 'most_fields' },
  );
  const operator = fc.constantFrom('or', 'and').map((default_operator) => ({ default_operator }));
  const minimum = minimumShouldMatch
    ? fc.constantFrom('1', '2', '50%', '-1', '3<75%').map((minimum_should_match) => ({ minimum_should_match }))
    : fc.constant({});
  const search = fc.record({
    text: query.filter((text) => text.includes('<')),
    settings: fc.tuple(fields, operator, minimum).map((parts) => Object.assign({}, ...parts)),
  });
  return fc.sample(search, { seed, numRuns: count });
}

/** The ids and scores of each query's hits, or the status of its error; `asExpected` compares two. */
export async function hitsOf(client: Client, index: string, queries: readonly object[]): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < queries.length; from += 200) {
    const searches = queries.slice(from, from + 200).flatMap((query) => [{}, { query, size: 200, _source: false }]);
    const { responses } = await client.msearch({ index, searches });
    for (const response of responses) {
      if ('error' in response) found.push(`error ${response.status}`);
      else
        found.push(
          response.hits.hits
            .map(({ _id, _score }) => `${_id}=${_score}`)
            .sort()
            .join(' '),
        );
    }
  }
  return found;
}

/** The text with the shorthand in it, its forms in turn. */
export function withShorthand(text: string): string {
  let form = 0;
  return text.replace(/<([^>]+)>/g, (_, code: string) => (FORMS[form++ % FORMS.length] as (typeof FORMS)[0])(code));
}

/** The same text without a shorthand: what `withShorthand` ought to find. */
export function withMarks(text: string): string {
  return text.replace(/<([^>]+)>/g, (_, code: string) => `_exists_:${markOf(code)}^0`);
}

const FORMS = [
  (code: string) => `territory:${code}`,
  (code: string) => `territory:"${code}"`,
  (code: string) => `territory:${code.replace(':', '\\:')}`,
  (code: string) => `terri\\tory:(${code})`,
];
