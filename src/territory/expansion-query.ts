/** An expansion as an Elasticsearch clause. */
import type { Expansion, ExpansionClause } from './expansion.js';

/** How the clause is to look. */
export interface QueryStyle {
  /** `terms` (the default): one `terms` a field. `term`: one `term` a unit, for servers or tools that want it. */
  readonly style?: 'terms' | 'term' | undefined;
  readonly boost?: number | undefined;
  readonly _name?: string | undefined;
}

type Clause = Record<string, unknown>;

/** The codes of a clause from one place to before another. */
type Listed = (clause: ExpansionClause, from: number, to: number) => unknown;

/** The largest number of codes in one `terms`: Elasticsearch's `index.max_terms_count`. */
const MOST_TERMS = 65_536;

/**
 * `{"bool":{"should":[{"terms":{…}}],"minimum_should_match":1}}`: `terms`, so that the clause limit is never met; more
 * than one clause goes into a `constant_score`, so that the score never depends on how a territory is written.
 */
export function expansionToQuery(expansion: Expansion, style?: QueryStyle): Clause {
  return expansionAround(expansion, style, ({ codes }, from, to) => codes.slice(from, to));
}

/** The same with something else in the place of each list of codes: what `listed` makes of a part of them. */
export function expansionAround(
  expansion: Expansion,
  { style = 'terms', boost, _name }: QueryStyle = {},
  listed: Listed,
): Clause {
  const extras = { ...(boost !== undefined && { boost }), ...(_name !== undefined && { _name }) };
  if (expansion.kind === 'none') return { match_none: extras };
  if (expansion.kind === 'not') {
    const must_not = expansion.clauses.flatMap((clause) => clausesOf(clause, style, listed));
    const filter = [{ exists: { field: expansion.exists } }];
    const bool = must_not.length === 0 ? { filter } : { filter, must_not };
    return { constant_score: { filter: { bool }, ...extras } };
  }
  const should = expansion.clauses.flatMap((clause) => clausesOf(clause, style, listed));
  if (should.length === 1 && style === 'terms') return { bool: { should, minimum_should_match: 1, ...extras } };
  return { constant_score: { filter: { bool: { should, minimum_should_match: 1 } }, ...extras } };
}

function clausesOf(clause: ExpansionClause, style: 'terms' | 'term', listed: Listed): Clause[] {
  const { field } = clause;
  if (style === 'term') return clause.codes.map((code) => ({ term: { [field]: code } }));
  const { length } = clause.list ?? clause.codes;
  const clauses: Clause[] = [];
  for (let at = 0; at < length; at += MOST_TERMS) {
    clauses.push({ terms: { [field]: listed(clause, at, Math.min(at + MOST_TERMS, length)) } });
  }
  return clauses;
}
