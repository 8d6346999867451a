import { setImmediate as otherWork } from 'node:timers/promises';
import { checkFieldMappings, type FieldMappings, fieldsOf, type MappingFault } from '../config/mapping-check.js';
import { Ancestors } from '../query/ancestors.js';
import { globMatches } from '../query/glob.js';
import type { IndexFields } from '../query/types.js';
import type { TerritoryTree } from '../territory/tree.js';

/** Asks Elasticsearch; throws where it does not answer 200 with JSON. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** What is found in one index. */
export interface IndexReport {
  readonly index: string;
  /** The pattern of the configuration that names its fields; `undefined`: none does. */
  readonly pattern: string | undefined;
  readonly documents: number;
  /** Documents with at least one tag. */
  readonly tagged: number;
  readonly faults: readonly MappingFault[];
  /** Tags that the tree does not know. */
  readonly unknown: readonly {
    readonly code: string;
    readonly documents: number;
    readonly suggestions: readonly string[];
  }[];
  /** Tags that are former codes; they count as what took them over. */
  readonly former: readonly {
    readonly code: string;
    readonly documents: number;
    readonly successors: readonly string[];
  }[];
  /** Tags whose documents lack some of the units around them in the field of the ancestors. */
  readonly missing: readonly {
    readonly code: string;
    readonly documents: number;
    readonly expected: readonly string[];
  }[];
}

interface Tag {
  readonly code: string;
  readonly documents: number;
  /** Documents by unit in the field of the ancestors, the most frequent units; exact, or too few. */
  readonly around: ReadonlyMap<string, number>;
}

const PAGE = 1000;
const FILTERS = 50;

/** Units that are counted beside each tag: those around it, and as many of other tags of the same documents. */
const AROUND = 50;

export interface CheckOptions {
  /** Distinct tags that are looked at, in code order; all where absent. */
  readonly tags?: number;
  /** Whether unknown tags get suggestions. Default true; of many thousands they take a while. */
  readonly suggest?: boolean;
}

/**
 * Looks at the mappings and tags of the indices that a name, alias or pattern means.
 *
 * @param indices patterns and fields of the configuration
 */
export async function checkIndex(
  ask: Ask,
  tree: TerritoryTree,
  indices: readonly (readonly [pattern: string, fields: IndexFields])[],
  name: string,
  options: CheckOptions = {},
): Promise<IndexReport[]> {
  const fields = [...new Set(indices.flatMap(([, layout]) => fieldsOf(layout)))].map(encodeURIComponent).join(',');
  const mappings = (await ask('GET', `/${encodeURIComponent(name)}/_mapping/field/${fields}`)) as FieldMappings;
  const reports: IndexReport[] = [];
  for (const index of Object.keys(mappings).sort()) {
    const found =
      indices.find(([pattern]) => globMatches(pattern, index)) ??
      indices.find(([pattern]) => globMatches(pattern, name));
    reports.push(await checkOne(ask, tree, found, index, { [index]: mappings[index]! }, options));
  }
  return reports;
}

async function checkOne(
  ask: Ask,
  tree: TerritoryTree,
  found: readonly [pattern: string, fields: IndexFields] | undefined,
  index: string,
  mappings: FieldMappings,
  { tags: most = Number.POSITIVE_INFINITY, suggest = true }: CheckOptions,
): Promise<IndexReport> {
  const empty = { unknown: [], former: [], missing: [], documents: 0, tagged: 0 };
  if (found === undefined) return { index, pattern: undefined, faults: [], ...empty };
  const [pattern, layout] = found;
  const faults = checkFieldMappings(layout, mappings);
  if (faults.length > 0) return { index, pattern, faults, ...empty };
  const field = (layout.units ?? layout.ancestors)!;
  const documents = await count(ask, index);
  const tagged = await count(ask, index, { exists: { field } });
  const tags = await tagsOf(ask, index, layout, most);
  const resolved = tags.map((tag) => ({ ...tag, successors: tree.resolve(tag.code) }));
  const unknown = resolved
    .filter(({ successors }) => successors === undefined)
    .map(({ code, documents }) => ({ code, documents, suggestions: suggest ? tree.suggest(code) : [] }));
  const former = resolved.flatMap(({ code, documents, successors }) =>
    successors === undefined || tree.unit(code) !== undefined ? [] : [{ code, documents, successors }],
  );
  const known = resolved.filter(({ successors }) => successors !== undefined);
  const missing = await missingAncestors(ask, tree, index, layout, known);
  return { index, pattern, documents, tagged, faults, unknown, former, missing };
}

async function count(ask: Ask, index: string, query?: object): Promise<number> {
  const body = query === undefined ? undefined : { query };
  return ((await ask('POST', `/${encodeURIComponent(index)}/_count`, body)) as { count: number }).count;
}

/** The values of a field, with the number of their documents, and of those by unit around. */
async function tagsOf(ask: Ask, index: string, { units, ancestors }: IndexFields, most: number): Promise<Tag[]> {
  const field = units ?? ancestors;
  const aggs = units && ancestors && { around: { terms: { field: ancestors, size: AROUND } } };
  const tags: Tag[] = [];
  let after: object | undefined;
  do {
    const composite = { size: PAGE, sources: [{ code: { terms: { field } } }], ...(after && { after }) };
    const answer = (await search(ask, index, { tags: { composite, ...(aggs && { aggs }) } })) as {
      tags: { after_key?: object; buckets: TagBucket[] };
    };
    for (const { key, doc_count, around } of answer.tags.buckets) {
      const counts = (around?.buckets ?? []).map((unit) => [unit.key, unit.doc_count] as const);
      tags.push({ code: key.code, documents: doc_count, around: new Map(counts) });
    }
    after = answer.tags.after_key;
  } while (after !== undefined && tags.length < most);
  return tags;
}

interface TagBucket {
  readonly key: { readonly code: string };
  readonly doc_count: number;
  readonly around?: { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] };
}

/**
 * Documents that have the tag, but not all units around it in the field of the ancestors. Where each unit around a tag
 * was counted in all of its documents nothing is missing, and nothing more is asked; the others are counted exactly. So
 * a sound index costs no more than a look at its tags, and the smallest fault is found each time.
 */
async function missingAncestors(
  ask: Ask,
  tree: TerritoryTree,
  index: string,
  { units, ancestors, ancestorsBy, levels }: IndexFields,
  tags: readonly Tag[],
): Promise<IndexReport['missing']> {
  if (units === undefined || ancestors === undefined) return [];
  const around = new Ancestors(tree, { ancestorsBy, levels });
  const suspect: Tag[] = [];
  for (const [i, tag] of tags.entries()) {
    if (around.of([tag.code]).some((unit) => tag.around.get(unit) !== tag.documents)) suspect.push(tag);
    if (i % PAGE === PAGE - 1) await otherWork();
  }
  const missing: { code: string; documents: number; expected: readonly string[] }[] = [];
  for (let at = 0; at < suspect.length; at += FILTERS) {
    const page = suspect.slice(at, at + FILTERS);
    const filters = page.map(({ code }) => {
      const all = around.of([code]).map((unit) => ({ term: { [ancestors]: unit } }));
      return { bool: { filter: [{ term: { [units]: code } }], must_not: [{ bool: { filter: all } }] } };
    });
    const answer = (await search(ask, index, { tags: { filters: { filters } } })) as {
      tags: { buckets: { doc_count: number }[] };
    };
    for (const [i, { doc_count }] of answer.tags.buckets.entries()) {
      const { code } = page[i]!;
      if (doc_count > 0) missing.push({ code, documents: doc_count, expected: around.of([code]) });
    }
  }
  return missing;
}

async function search(ask: Ask, index: string, aggs: object): Promise<unknown> {
  const path = `/${encodeURIComponent(index)}/_search?size=0&track_total_hits=false`;
  return ((await ask('POST', path, { aggs })) as { aggregations: unknown }).aggregations;
}
