import type { TerritoryTree } from '../../../src/files/tree.js';
import { articles, FIELDS } from '../support/articles.js';
import { must } from '../support/ask.js';

/** Fields of the index whose nested objects are tagged. */
export const NESTED = { units: 'parts.territories', ancestors: 'parts.territory_path' };
/** Fields of the index whose objects nested in nested ones are tagged. */
export const DEEP = { units: 'parts.bits.territories', ancestors: 'parts.bits.territory_path' };

const KEYWORD = { type: 'keyword' };
const TAGGED = { rank: { type: 'integer' }, territories: KEYWORD, territory_path: KEYWORD };

function properties(more: object): object {
  return {
    text: { type: 'text', fielddata: true },
    kind: KEYWORD,
    rank: { type: 'integer' },
    kin: { type: 'join', relations: { article: 'comment' } },
    territories: KEYWORD,
    territory_path: KEYWORD,
    ...more,
    parts: {
      type: 'nested',
      properties: {
        point: { type: 'geo_point' },
        ...TAGGED,
        ...more,
        bits: { type: 'nested', properties: TAGGED },
      },
    },
  };
}

/** Names of the indices of a world. */
export interface World {
  readonly articles: string;
  readonly nested: string;
  readonly deep: string;
}

export function worldFields({ articles: one, nested, deep }: World): Record<string, object> {
  return { [one]: FIELDS, [nested]: NESTED, [deep]: DEEP };
}

/** The two fields of an index of the world. */
export function fieldsOf(index: keyof World): typeof FIELDS {
  return { articles: FIELDS, nested: NESTED, deep: DEEP }[index];
}

/**
 * Three indices: articles tagged with units of every kind, each with a comment that is tagged too; the same with their
 * tags in nested objects; and in objects nested in those.
 * @param vectors whether the server has indexed vectors (8.x)
 */
export async function createWorld(url: string, tree: TerritoryTree, world: World, vectors = true): Promise<void> {
  const vector = { type: 'dense_vector', dims: 2, index: true, similarity: 'l2_norm' };
  const mappings = { properties: properties(vectors ? { vector } : {}) };
  const lines: Record<keyof World, object[]> = { articles: [], nested: [], deep: [] };
  const all = articles(tree) as [id: string, source: Record<string, unknown>][];
  for (const [i, [id, source]] of all.entries()) {
    const at = (x: number, y: number) => (vectors ? { vector: [x, y] } : {});
    const facts = { kind: `k${i % 3}`, rank: i, ...at(i % 7, i % 5) };
    const { territories, territory_path } = source;
    const other = all[(i * 5 + 2) % all.length]![1];
    const tags = { territories: other.territories, territory_path: other.territory_path };
    lines.articles.push({ index: { _id: id } }, { ...source, ...facts, kin: 'article' });
    lines.articles.push(
      { index: { _id: `${id}-comment`, routing: id } },
      { text: `comment ${id}`, ...tags, ...facts, rank: 100 + i, kin: { name: 'comment', parent: id } },
    );
    const parts = [
      { rank: 2 * i, point: [4.8 + i / 10, 45.7], territories, territory_path, ...at(i % 3, i % 4) },
      { rank: 100 - i, point: [4.8 - i / 10, 45.7], ...tags, ...at(i % 4, i % 3) },
    ];
    lines.nested.push({ index: { _id: id } }, { text: `salaire ${id}`, ...facts, parts });
    const bits = parts.map(({ rank, territories, territory_path }) => ({ rank, territories, territory_path }));
    lines.deep.push({ index: { _id: id } }, { text: `salaire ${id}`, ...facts, parts: [{ bits }] });
  }
  for (const kind of ['articles', 'nested', 'deep'] as const) {
    const settings = { number_of_shards: 1, number_of_replicas: 0 };
    await must(url, 'PUT', `/${world[kind]}`, { settings, mappings });
    const { json } = await must(url, 'POST', `/${world[kind]}/_bulk?refresh`, lines[kind]);
    if (json.errors) throw new Error(`documents were refused: ${JSON.stringify(json.items.slice(0, 2))}`);
  }
}
