import { Ancestors } from '../../src/query/ancestors.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { RELATIONS, type Relation } from '../../src/territory/relation.js';
import { OPTIONS, tree } from '../query/small-tree.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';

/** Documents with every unit, former code and a few pairs as tags; what is to be found is told by the tags' atoms. */
const client = newClient();
const stem = uniqueName('truth');
const articles = `${stem}-articles`;
const briefs = `${stem}-briefs`;
const other = `${stem}-other`;

const codes = [...tree.units()].map(({ code }) => code);
const TAGS: readonly (readonly string[])[] = [
  ...codes.map((code) => [code]),
  ['COM:01091'],
  ['COM:01205', 'COM:75056'],
  ['COM:69123', 'DEP:01'],
  ['REG:11', 'EPCI:200046977'],
  ['CNTRY:F', 'COM:69264'],
  [],
];
const ancestors = new Ancestors(tree);
const options = {
  ...OPTIONS,
  indices: [
    [`${stem}-art*`, { units: 'territories', ancestors: 'territory_path' }],
    [briefs, { units: 'tu' }],
  ] as const,
  aliases: { [`${stem}-press`]: [`${stem}-art*`, briefs] },
};
const rewriter = new Rewriter(tree, options);

const keyword = { type: 'keyword' } as const;

beforeAll(async () => {
  await createIndex(
    client,
    articles,
    { properties: { territories: keyword, territory_path: keyword, text: { type: 'text' } } },
    TAGS.map((tags, i) => [
      `a${i}`,
      { territories: tags, territory_path: tags.length > 0 ? ancestors.of(tags) : [], text: 'word' },
    ]),
  );
  await createIndex(
    client,
    briefs,
    { properties: { tu: keyword, text: { type: 'text' } } },
    TAGS.map((tags, i) => [`b${i}`, { tu: tags, text: 'word' }]),
  );
  await createIndex(client, other, { properties: { territories: keyword } }, [['o1', { territories: ['DEP:69'] }]]);
  await client.indices.putAlias({ index: [articles, briefs], name: `${stem}-press` });
});

afterAll(async () => {
  await client.indices.delete({ index: [articles, briefs, other], ignore_unavailable: true });
  await client.close();
});

/** By the definitions of the relations, on atoms. */
function matches(tags: readonly string[], relation: Relation, expression: string): boolean {
  const territory = tree.parse(expression);
  const units = tags.map((tag) => tree.territory(tag));
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
      return tags.some((tag) => territory.written?.includes(tag));
  }
}

function expected(prefixes: readonly string[], relation: Relation, expression: string): string[] {
  const found = TAGS.flatMap((tags, i) =>
    matches(tags, relation, expression) ? prefixes.map((prefix) => prefix + i) : [],
  );
  return found.sort();
}

/** Rewrites and sends a request; the ids of the hits, sorted, and their scores. */
async function hits(method: string, target: string, body?: object): Promise<{ ids: string[]; scores: Set<unknown> }> {
  const sent = body && Buffer.from(JSON.stringify(body));
  const outcome = rewriter.rewrite({ method, target, contentType: 'application/json' }, sent);
  if (outcome.kind === 'answer' || outcome.kind === 'render') throw new Error(outcome.kind);
  const [path, bytes] = outcome.kind === 'pass' ? [target, sent] : [outcome.target, outcome.body];
  const response = await fetch(elasticsearchUrl() + path, {
    method: bytes ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    body: bytes ? new Uint8Array(bytes) : null,
  });
  const answer = (await response.json()) as { hits?: { hits: { _id: string; _score: number }[] } };
  if (answer.hits === undefined) throw new Error(JSON.stringify(answer));
  return {
    ids: answer.hits.hits.map(({ _id }) => _id).sort(),
    scores: new Set(answer.hits.hits.map(({ _score }) => _score)),
  };
}

const EXPRESSIONS = [
  'DEP:69',
  'REG:84',
  'COM:75056',
  'EPCI:200046977',
  'COM:69123 | COM:01033',
  'COM:01091',
  'REG:84 - DEP:69',
  'REG:84 & EPCI:200046977',
  'DEP:01 & DEP:69',
  'CNTRY:F',
  'DEP:69 - COM:69264',
];

const TARGETS: readonly (readonly [target: string, prefixes: readonly string[]])[] = [
  [articles, ['a']],
  [briefs, ['b']],
  [`${articles},${briefs}`, ['a', 'b']],
  [`${stem}-*`, ['a', 'b']],
  [`${stem}-press`, ['a', 'b']],
];

for (const [target, prefixes] of TARGETS) {
  for (const relation of RELATIONS) {
    test(`${relation} on ${target.replaceAll(stem, '…')} finds what the atoms say`, async () => {
      for (const expression of EXPRESSIONS) {
        if (relation === 'exact' && /[-&]/.test(expression.replace(/:\S+/g, ''))) continue;
        const truth = expected(prefixes, relation, expression);
        const clause = await hits('POST', `/${target}/_search?size=500`, {
          query: { territory: { expression, relation } },
        });
        expect([expression, clause.ids]).toEqual([expression, truth]);
        expect([...clause.scores]).toEqual(truth.length > 0 ? [1] : []);
        const leaf = await hits('POST', `/${target}/_search?size=500`, {
          query: {
            bool: { must_not: [{ match: { [`territory.${relation}`]: expression } }], filter: { match_all: {} } },
          },
        });
        expect(leaf.ids.length + truth.length).toBe(TAGS.length * prefixes.length + (target.endsWith('*') ? 1 : 0));
        const q = encodeURIComponent(`word AND territory.${relation}:"${expression}"`);
        expect([expression, (await hits('GET', `/${target}/_search?size=500&q=${q}`)).ids]).toEqual([
          expression,
          truth,
        ]);
      }
    });
  }

  test(`exists on ${target.replaceAll(stem, '…')} finds what is tagged`, async () => {
    const tagged = TAGS.flatMap((tags, i) => (tags.length > 0 ? prefixes.map((prefix) => prefix + i) : [])).sort();
    const found = await hits('POST', `/${target}/_search?size=500`, {
      query: { exists: { field: 'territory', boost: 2 } },
    });
    expect(found.ids).toEqual(tagged);
    expect([...found.scores]).toEqual([2]);
    expect((await hits('GET', `/${target}/_search?size=500&q=word+_exists_:territory`)).ids).toEqual(
      expect.arrayContaining(tagged),
    );
  });
}

for (const [target, prefixes] of TARGETS) {
  test(`a query string beside which the territory stands finds the same on ${target.replaceAll(stem, '…')}`, async () => {
    for (const expression of EXPRESSIONS) {
      const truth = expected(prefixes, 'within', expression);
      const search = (text: string) =>
        hits('POST', `/${target}/_search?size=500`, { query: { query_string: { query: text, analyzer: 'standard' } } });
      const all = (await search('*:*')).ids.filter((id) => id !== 'o1');
      expect([expression, (await search(`word AND territory:"${expression}"`)).ids]).toEqual([expression, truth]);
      expect([expression, (await search(`nothing OR territory:"${expression}"`)).ids]).toEqual([expression, truth]);
      const outside = all.filter((id) => !truth.includes(id));
      expect([expression, (await search(`word -territory:"${expression}"`)).ids]).toEqual([expression, outside]);
      const q = encodeURIComponent(`word AND territory:"${expression}"`);
      const moved = await hits('GET', `/${target}/_search?size=500&analyzer=standard&q=${q}`);
      expect([expression, moved.ids]).toEqual([expression, truth]);
    }
  });
}

test('a point in time is guarded as any target without a name', async () => {
  const { id } = await client.openPointInTime({ index: [articles, briefs], keep_alive: '1m' });
  const body = { pit: { id, keep_alive: '1m' }, size: 500, query: { territory: 'DEP:69' } };
  expect((await hits('POST', '/_search', body)).ids).toEqual(expected(['a', 'b'], 'within', 'DEP:69'));
  await client.closePointInTime({ id });
});

test('an index without configuration is searched as it is', async () => {
  expect((await hits('POST', `/${other}/_search`, { query: { term: { territory: 'DEP:69' } } })).ids).toEqual([]);
  expect((await hits('POST', `/${other}/_search`, { query: { term: { territories: 'DEP:69' } } })).ids).toEqual(['o1']);
});
