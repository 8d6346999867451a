import type { IndexFields } from '../query/types.js';

/** What `GET {pattern}/_mapping/field/{fields}` answers: by index, by full name of the field, by its leaf. */
export type FieldMappings = Readonly<
  Record<
    string,
    { readonly mappings: Readonly<Record<string, { readonly mapping: Readonly<Record<string, FieldMapping>> }>> }
  >
>;

export interface FieldMapping {
  readonly type?: string;
  readonly normalizer?: string;
  readonly index?: boolean;
  readonly doc_values?: boolean;
  readonly ignore_above?: number;
  readonly fields?: Readonly<Record<string, FieldMapping>>;
}

/** A configured field that would match nothing, or too much, in one index. */
export interface MappingFault {
  readonly index: string;
  readonly field: string;
  /** Which key of the configuration names the field. */
  readonly key: 'units' | 'ancestors';
  readonly message: string;
  readonly hint: string;
}

/** The names of the fields that hold territories, to be looked up. */
export function fieldsOf({ units, ancestors }: IndexFields): string[] {
  return [...new Set([units, ancestors].filter((field) => field !== undefined))];
}

/**
 * Checks the fields of one pattern against the mappings of the indices that it matches. A code is one whole term, so
 * the field must be a `keyword` without a normalizer that changes it.
 */
export function checkFieldMappings(fields: IndexFields, mappings: FieldMappings): MappingFault[] {
  const faults: MappingFault[] = [];
  for (const [index, { mappings: found }] of Object.entries(mappings)) {
    for (const key of ['units', 'ancestors'] as const) {
      const field = fields[key];
      if (field === undefined) continue;
      const mapping = Object.values(found[field]?.mapping ?? {})[0];
      const problem = problemOf(field, mapping);
      if (problem !== undefined) faults.push({ index, field, key, ...problem });
    }
  }
  return faults;
}

function problemOf(field: string, mapping: FieldMapping | undefined): { message: string; hint: string } | undefined {
  if (mapping === undefined) {
    return { message: 'is not in the mapping', hint: `add it: {"properties": {"${field}": {"type": "keyword"}}}` };
  }
  const { type } = mapping;
  if (type === undefined || !EXACT_TYPES.has(type)) {
    return { message: `is of type ${type}, which does not hold a code as one term`, hint: keywordHint(field, mapping) };
  }
  if (mapping.normalizer !== undefined) {
    return {
      message: `has the normalizer ${mapping.normalizer}, which changes codes`,
      hint: keywordHint(field, mapping),
    };
  }
  if (mapping.index === false && mapping.doc_values === false) {
    return { message: 'is neither indexed nor has doc values, so nothing can be found by it', hint: 'index it' };
  }
  return undefined;
}

/** Types whose terms are the values as they are. An alias is looked up by Elasticsearch and can't be judged here. */
const EXACT_TYPES = new Set(['keyword', 'constant_keyword', 'alias']);

function keywordHint(field: string, { fields = {} }: FieldMapping): string {
  const exact = Object.entries(fields).find(
    ([, { type, normalizer }]) => type === 'keyword' && normalizer === undefined,
  );
  return exact === undefined ? `map it as keyword, or name a field that is one` : `name ${field}.${exact[0]} instead`;
}
