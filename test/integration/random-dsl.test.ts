import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { TerritoryTree } from '../../src/files/tree.js';
import { RELATIONS, type Relation } from '../../src/territory/relation.js';
import { runs, SEED } from '../support/seed.js';
import { articles, FIELDS } from './support/articles.js';
import { ask, must } from './support/ask.js';
import { elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { areNear } from './support/scores.js';

/**
 * Random searches in which territories stand, through the proxy, against the same searches with a mark in their place: a
 * field that a document has where it lies towards the territory as the relation says, told from the atoms of its tags and
 * of the territory. So the other side knows no expansion at all, and hits, order, scores and counts must be equal.
 */
const es = elasticsearchUrl();
const INDEX = uniqueName('random-dsl');
const RUNS = runs(1000);
const BATCH = 100;

/** Two departments have nothing in common. */
const EMPTY = 'DEP:01 & DEP:69';

/** Territories as they are written; former codes, overlaps and empty ones among them. */
const EXPRESSIONS = [
  'DEP:69',
  'REG:84',
  'CNTRY:F',
  'COM:69123',
  'COM:69232',
  'EPCI:200046977',
  'EPCI:200070852',
  'REG:84 - DEP:69',
  'DEP:69 | DEP:44 | COM:2A004',
  'DEP:01 & EPCI:200070852',
  EMPTY,
  '(REG:84 | REG:11) - (COM:69123 | DEP:75)',
];

interface Mark {
  readonly expression: string;
  readonly relation: Relation;
}

/** `exact` takes codes alone. */
const MARKS: readonly Mark[] = EXPRESSIONS.flatMap((expression) =>
  RELATIONS.filter((relation) => relation !== 'exact' || !/[-&]/.test(expression)).map((relation) => ({
    expression,
    relation,
  })),
);

let proxy: RunningProxy;

beforeAll(async () => {
  console.log(`random-dsl: TEST_SEED=${SEED}, ${RUNS} searches`);
  proxy = await startProxy({ indices: { [INDEX]: FIELDS }, checkMappings: 'off' });
  const keyword = { type: 'keyword' };
  const marks = Object.fromEntries(MARKS.map((_, i) => [`m${i}`, { type: 'boolean' }]));
  const properties = {
    ...marks,
    text: { type: 'text', analyzer: 'french' },
    kind: keyword,
    rank: { type: 'integer' },
    kin: { type: 'join', relations: { article: 'comment' } },
    territories: keyword,
    territory_path: keyword,
  };
  await must(es, 'PUT', `/${INDEX}`, {
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties },
  });
  const all = articles(proxy.tree) as [
    id: string,
    source: { text: string; territories?: string[]; territory_path?: string[] },
  ][];
  const lines = all.flatMap(([id, source], i) => {
    const other = all[(i * 7 + 3) % all.length]![1];
    const facts = { kind: `k${i % 4}`, rank: i };
    const comment = {
      text: `comment ${id} salaire`,
      territories: other.territories,
      territory_path: other.territory_path,
    };
    return [
      { index: { _id: id } },
      { ...source, ...facts, ...marksOf(proxy.tree, source.territories), kin: 'article' },
      { index: { _id: `${id}-c`, routing: id } },
      {
        ...comment,
        ...facts,
        rank: 100 + i,
        ...marksOf(proxy.tree, other.territories),
        kin: { name: 'comment', parent: id },
      },
    ];
  });
  const { json } = await must(es, 'POST', `/${INDEX}/_bulk?refresh`, lines);
  expect(json.errors).toBe(false);
});

afterAll(async () => {
  await ask(es, 'DELETE', `/${INDEX}`);
  await proxy?.stop();
});

/** By the definitions of the relations, on atoms. */
function lies(tree: TerritoryTree, tags: readonly string[], { expression, relation }: Mark): boolean {
  const territory = tree.parse(expression);
  const units = tags.filter((tag) => tree.resolve(tag) !== undefined).map((tag) => tree.territory(tag));
  switch (relation) {
    case 'within':
      return units.some((unit) => unit.isSubsetOf(territory));
    case 'intersects':
      return units.some((unit) => !unit.isDisjointFrom(territory));
    case 'contains':
      return !territory.isEmpty && units.some((unit) => unit.isSupersetOf(territory));
    case 'disjoint':
      return tags.length > 0 && units.every((unit) => unit.isDisjointFrom(territory));
    case 'exact':
      return tags.some((tag) => expression.split(' | ').includes(tag));
  }
}

function marksOf(tree: TerritoryTree, tags: readonly string[] = []): Record<string, true> {
  return Object.fromEntries(MARKS.flatMap((mark, i) => (lies(tree, tags, mark) ? [[`m${i}`, true as const]] : [])));
}

/** The same query or body twice: with the shorthand, and by hand. */
interface Pair {
  readonly short: unknown;
  readonly hand: unknown;
}

const same = (value: unknown): Pair => ({ short: value, hand: value });

/** A pair of objects or arrays from one of pairs. */
function join(value: unknown): Pair {
  if (isPair(value)) return value;
  if (Array.isArray(value)) {
    const parts = value.map(join);
    return { short: parts.map(({ short }) => short), hand: parts.map(({ hand }) => hand) };
  }
  if (typeof value !== 'object' || value === null) return same(value);
  const parts = Object.entries(value).map(([key, inner]) => [key, join(inner)] as const);
  return {
    short: Object.fromEntries(parts.map(([key, { short }]) => [key, short])),
    hand: Object.fromEntries(parts.map(([key, { hand }]) => [key, hand])),
  };
}

function isPair(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null && 'short' in value && 'hand' in value;
}

const number = fc.integer({ min: 0, max: MARKS.length - 1 });

/** The shorthand in one of its forms. */
const territory: fc.Arbitrary<Pair> = fc
  .tuple(
    number,
    fc.integer({ min: 0, max: 6 }),
    fc.option(fc.constantFrom(0.5, 2, 7), { nil: undefined }),
    fc.boolean(),
  )
  .map(([i, form, boost, named]) => {
    const { expression, relation } = MARKS[i]!;
    const field = relation === 'within' && i % 2 === 0 ? 'territory' : `territory.${relation}`;
    const more = { ...(boost === undefined ? {} : { boost }), ...(named ? { _name: `n${i}` } : {}) };
    const codes =
      /^[A-Z0-9:|A-Za-z ]+$/.test(expression) && !/[-&(]/.test(expression) ? expression.split(' | ') : undefined;
    // A query with a part that can't match is made simpler by Elasticsearch, which forgets the names in it.
    const hand =
      expression === EMPTY && relation !== 'disjoint'
        ? { match_none: more }
        : { constant_score: { filter: { term: { [`m${i}`]: true } }, ...more } };
    const forms: unknown[] = [
      { term: { [field]: { value: expression, ...more } } },
      { match: { [field]: { query: expression, ...more } } },
      { match_phrase: { [field]: { query: expression, ...more } } },
      { territory: { expression, relation, ...more } },
      codes === undefined
        ? { territory: { expression, relation, ...more } }
        : { territory: { codes, relation, ...more } },
      codes === undefined
        ? { match: { [field]: { query: expression, ...more } } }
        : { terms: { [field]: codes, ...more } },
      // As text it adds no score, and takes neither boost nor name.
      { query_string: { query: `${field}:"${expression}"` } },
    ];
    return form === 6
      ? { short: forms[6], hand: { query_string: { query: `_exists_:m${i}^0` } } }
      : { short: forms[form], hand };
  });

const plain: fc.Arbitrary<Pair> = fc
  .constantFrom<object>(
    { match: { text: 'salaire' } },
    { match: { text: 'lyon paris nantes' } },
    { term: { kind: 'k1' } },
    { range: { rank: { gte: 5, lt: 110 } } },
    { match_all: {} },
    { query_string: { query: 'lyon OR rhone AND NOT nantes', default_field: 'text' } },
  )
  .map(same);

const { query } = fc.letrec<{ query: Pair }>((tie) => {
  const some = fc.array(tie('query'), { minLength: 1, maxLength: 3 });
  const maybe = fc.option(some, { nil: undefined });
  const weight = fc.constantFrom(0.5, 2, 3);
  return {
    query: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: territory, weight: 5 },
      { arbitrary: plain, weight: 2 },
      {
        arbitrary: fc
          .record({ must: maybe, should: maybe, filter: maybe, must_not: maybe })
          .filter((clauses) => Object.values(clauses).some((clause) => clause !== undefined))
          .map((clauses) => join({ bool: defined(clauses) })),
        weight: 5,
      },
      {
        arbitrary: fc.tuple(tie('query'), weight).map(([filter, boost]) => join({ constant_score: { filter, boost } })),
        weight: 1,
      },
      { arbitrary: some.map((queries) => join({ dis_max: { queries, tie_breaker: 0.3 } })), weight: 1 },
      {
        arbitrary: fc
          .tuple(tie('query'), tie('query'))
          .map(([positive, negative]) => join({ boosting: { positive, negative, negative_boost: 0.2 } })),
        weight: 1,
      },
      {
        arbitrary: fc
          .tuple(tie('query'), tie('query'), weight)
          .map(([inner, filter, w]) =>
            join({ function_score: { query: inner, functions: [{ filter, weight: w }], score_mode: 'sum' } }),
          ),
        weight: 1,
      },
      {
        arbitrary: tie('query').map((inner) =>
          join({ has_child: { type: 'comment', query: inner, score_mode: 'sum' } }),
        ),
        weight: 1,
      },
      {
        arbitrary: tie('query').map((inner) =>
          join({ has_parent: { parent_type: 'article', query: inner, score: true } }),
        ),
        weight: 1,
      },
      {
        arbitrary: tie('query').map((inner) =>
          join({ script_score: { query: inner, script: { source: '_score + 1' } } }),
        ),
        weight: 1,
      },
    ),
  };
});

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

const aggregation = fc.oneof(
  query.map((filter) => join({ x: { filter, aggs: { y: { terms: { field: 'kind' } } } } })),
  fc.tuple(query, query).map(([a, b]) => join({ x: { filters: { filters: { a, b } } } })),
  fc.tuple(query, query).map(([a, b]) => join({ x: { adjacency_matrix: { filters: { a, b } } } })),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

/** A whole body. Ties are broken by the order of the index, as on both sides. */
const search: fc.Arbitrary<Pair> = fc
  .record({
    query: optional(query),
    post_filter: optional(query),
    aggs: optional(aggregation),
    rescore: optional(query.map((rescore_query) => join({ window_size: 100, query: { rescore_query } }))),
    collapse: fc.option(fc.constant({ field: 'kind' }), { nil: undefined, freq: 8 }),
    size: fc.constantFrom(5, 100),
  })
  .map(({ rescore, collapse, ...rest }) =>
    join(
      defined({ ...rest, rescore: collapse ? undefined : rescore, collapse, track_total_hits: true, _source: false }),
    ),
  )
  .filter(({ short }) => JSON.stringify(short).includes('territory'));

async function answers(url: string, bodies: readonly unknown[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let from = 0; from < bodies.length; from += BATCH) {
    const lines = bodies.slice(from, from + BATCH).flatMap((body) => [{}, body as object]);
    const { json } = await must(url, 'POST', `/${INDEX}/_msearch`, lines);
    found.push(...json.responses);
  }
  return found;
}

interface Hit {
  readonly _id: string;
  readonly _score: number | null;
  readonly matched_queries?: string[];
}

/** What counts. Scores that are near to those of `like` are taken for them, and hits of one score stand by their ids. */
function seen({ hits, aggregations, error, status }: Record<string, unknown>, like: Record<string, unknown>): unknown {
  const { total, hits: list } = (hits ?? {}) as { total?: unknown; hits?: Hit[] };
  const scores = new Map(((like.hits ?? {}) as { hits?: Hit[] }).hits?.map(({ _id, _score }) => [_id, _score]));
  const rows = list
    ?.map(({ _id, _score, matched_queries }) => {
      const other = scores.get(_id) ?? null;
      const score = _score !== null && other !== null && areNear(_score, other) ? other : _score;
      return { _id, score, names: matched_queries?.toSorted?.() ?? matched_queries };
    })
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || (a._id < b._id ? -1 : 1));
  return { total, rows, aggregations, error, status };
}

test(`${RUNS} random searches find, order, score and count the same as by the atoms`, async () => {
  const pairs = fc.sample(search, { seed: SEED, numRuns: RUNS });
  const found = await answers(
    proxy.url,
    pairs.map(({ short }) => short),
  );
  const expected = await answers(
    es,
    pairs.map(({ hand }) => hand),
  );
  for (const [i, { short, hand }] of pairs.entries()) {
    const [got, wanted] = [seen(found[i]!, expected[i]!), seen(expected[i]!, expected[i]!)];
    // The requests whole, for a difference of the answers does not show them.
    if (!isDeepStrictEqual(got, wanted)) console.log(JSON.stringify(short), JSON.stringify(hand));
    expect(got).toEqual(wanted);
  }
  expect(expected.filter(({ error }) => error !== undefined)).toEqual([]);
  // They are not all the same, and not all empty.
  const totals = expected.map(({ hits }) => (hits as { total: { value: number } }).total.value);
  expect(new Set(expected.map((answer) => JSON.stringify(seen(answer, answer)))).size).toBeGreaterThan(RUNS / 2);
  expect(totals.filter((total) => total > 0).length).toBeGreaterThan(RUNS / 3);
});
