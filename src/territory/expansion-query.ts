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

/** The largest number of codes in one `terms`: Elasticsearch's `index.max_terms_count`. */
const MOST_TERMS = 65_536;

/**
 * `{"bool":{"should":[{"terms":{…}}],"minimum_should_match":1}}`: `terms`, so that the clause limit is never met; more
 * than one clause goes into a `constant_score`, so that the score never depends on how a territory is written.
 */
export function expansionToQuery(expansion: Expansion, { style = 'terms', boost, _name }: QueryStyle = {}): Clause {
  const extras = { ...(boost !== undefined && { boost }), ...(_name !== undefined && { _name }) };
  if (expansion.kind === 'none') return { match_none: extras };
  if (expansion.kind === 'not') {
    const must_not = expansion.clauses.flatMap((clause) => clausesOf(clause, style));
    const filter = [{ exists: { field: expansion.exists } }];
    const bool = must_not.length === 0 ? { filter } : { filter, must_not };
    return { constant_score: { filter: { bool }, ...extras } };
  }
  const should = expansion.clauses.flatMap((clause) => clausesOf(clause, style));
  if (should.length === 1 && style === 'terms') return { bool: { should, minimum_should_match: 1, ...extras } };
  return { constant_score: { filter: { bool: { should, minimum_should_match: 1 } }, ...extras } };
}

function clausesOf({ field, codes }: ExpansionClause, style: 'terms' | 'term'): Clause[] {
  if (style === 'term') return codes.map((code) => ({ term: { [field]: code } }));
  const clauses: Clause[] = [];
  for (let at = 0; at < codes.length; at += MOST_TERMS) {
    clauses.push({ terms: { [field]: codes.slice(at, at + MOST_TERMS) } });
  }
  return clauses;
}
