/** Prints expansions as the bytes that take the place of a shorthand in a body. */
import type { Expansion, ExpansionClause } from '../territory/expansion.js';
import { expansionAround } from '../territory/expansion-query.js';
import type { IndexFields } from './types.js';

/** What stands for the shorthand in the indices under one pattern. */
export interface Branch {
  readonly pattern: string;
  readonly exclude: readonly string[];
  readonly fields: IndexFields;
  readonly expansion: Expansion;
}

type Clause = Record<string, unknown>;

/**
 * The expansion as one member of a query, without braces: `"bool":{…}`. Its value is an object that takes `boost` and
 * `_name` as its last members (see `withExtras`).
 */
export function printBranch({ expansion, fields }: Branch): string {
  return membersOf(toQuery(expansion, fields));
}

/** The same where several patterns may be meant: each branch holds only in indices that its pattern is the first to match. */
export function printGuarded(branches: readonly Branch[]): string {
  const should = branches
    .filter(({ expansion }) => expansion.kind !== 'none')
    .map(({ pattern, exclude, expansion, fields }) => {
      const filter = [guard(pattern), toQuery(expansion, fields)];
      return { bool: exclude.length === 0 ? { filter } : { filter, must_not: exclude.map(guard) } };
    });
  if (should.length === 0) return '"match_none":{}';
  return membersOf({ constant_score: { filter: { bool: { should, minimum_should_match: 1 } } } });
}

/** A printed expansion with the boost and the name that stood at its place. */
export function withExtras(printed: Buffer, boost: string | undefined, name: string | undefined): Buffer {
  if (boost === undefined && name === undefined) return printed;
  const members: string[] = [];
  if (boost !== undefined) members.push(`"boost":${boost}`);
  if (name !== undefined) members.push(`"_name":${name}`);
  const isEmpty = printed[printed.length - 2] === 0x7b;
  return Buffer.concat([printed.subarray(0, -1), Buffer.from(`${isEmpty ? '' : ','}${members.join(',')}}`)]);
}

function toQuery(expansion: Expansion, { style }: IndexFields): Clause {
  if (expansion.kind === 'not' && expansion.clauses.length === 0) return { exists: { field: expansion.exists } };
  return expansionAround(expansion, { style }, printCodes);
}

/** Texts are added up and not joined, which would copy the codes once more at each level. */
function membersOf(query: Clause): string {
  let text = '';
  for (const [name, value] of Object.entries(query)) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${print(value)}`;
  }
  return text;
}

function elementsOf(list: readonly unknown[]): string {
  let text = '';
  for (const value of list) text += (text === '' ? '' : ',') + print(value);
  return text;
}

/** A list of codes, printed: no list of thousands is walked for the few other members around it. */
class PrintedCodes {
  constructor(readonly text: string) {}
}

function printCodes(clause: ExpansionClause, from: number, to: number): PrintedCodes {
  const { list } = clause;
  return new PrintedCodes(list === undefined ? JSON.stringify(clause.codes.slice(from, to)) : list.toJson(from, to));
}

function print(value: unknown): string {
  if (value instanceof PrintedCodes) return value.text;
  if (Array.isArray(value)) return `[${elementsOf(value)}]`;
  return typeof value === 'object' && value !== null ? `{${membersOf(value as Clause)}}` : JSON.stringify(value);
}

function guard(pattern: string): Clause {
  return pattern.includes('*') ? { wildcard: { _index: { value: pattern } } } : { term: { _index: pattern } };
}
