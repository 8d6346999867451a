import type { Expansion, ExpansionClause } from '../../territory/expansion.js';

/** What stands for the shorthand in the indices that match one pattern of the configuration. */
export interface Guarded {
  /** Names and patterns of indices, of which one must match. */
  readonly include: readonly string[];
  /** Patterns that come first in the configuration, and so take an index away from this one. */
  readonly exclude: readonly string[];
  readonly expansion: Expansion;
}

/** Matches nothing, under every operator: Lucene reads a lone negation as "all but", so what is taken away is named. */
const NOTHING = '(+*:* -*:*)';

/**
 * An expansion as a clause of a Lucene query string: `field:("A" OR "B")^0`. It is one clause, whatever stands around it,
 * and adds nothing to the score. With a `boost` it adds exactly that, as a constant: `(+field:("A" OR "B")^0 +*:*)^2`.
 *
 * @param boost a number as Lucene writes it, digits and perhaps a fraction
 */
export function luceneText(expansion: Expansion, boost?: string): string {
  return expansion.kind === 'none' ? NOTHING : scored(matching(expansion), boost);
}

/**
 * The same where the indices that a request may mean have different fields: one branch each, guarded by `_index`. An
 * index that no branch includes has no match.
 */
export function luceneTextGuarded(branches: readonly Guarded[], boost?: string): string {
  const texts = branches.filter(({ expansion }) => expansion.kind !== 'none').map(guarded);
  return texts.length === 0 ? NOTHING : scored(group(texts), boost);
}

/** How many codes an expansion lists. */
export function codesIn(expansion: Expansion): number {
  if (expansion.kind === 'none') return 0;
  return expansion.clauses.reduce((sum, clause) => sum + (clause.list ?? clause.codes).length, 0);
}

/** A field's name as it stands before a colon. */
export function escapeName(name: string): string {
  if (/^(?:AND|OR|NOT)$/.test(name)) return `\\${name}`;
  return name.replace(/^[+-]|[\s!():^[\]"{}~*?\\/]/g, '\\$&');
}

/** A text in quotes. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function scored(text: string, boost: string | undefined): string {
  return boost === undefined ? `${text}^0` : `(+${text}^0 +*:*)^${boost}`;
}

/** One clause, not yet boosted. */
function matching(expansion: Exclude<Expansion, { kind: 'none' }>): string {
  const clauses = expansion.clauses.map(oneOf);
  if (expansion.kind === 'any') return group(clauses);
  const exists = `_exists_:${escapeName(expansion.exists)}`;
  return clauses.length === 0 ? exists : `(${[`+${exists}`, ...clauses.map((clause) => `-${clause}`)].join(' ')})`;
}

function guarded({ include, exclude, expansion }: Guarded): string {
  if (expansion.kind === 'none') return NOTHING;
  const guard = [`+${oneOf({ field: '_index', codes: include })}`];
  if (exclude.length > 0) guard.push(`-${oneOf({ field: '_index', codes: exclude })}`);
  return `(${guard.join(' ')} +${matching(expansion)})`;
}

function oneOf({ field, codes }: ExpansionClause): string {
  return `${escapeName(field)}:${codes.length === 1 ? quote(codes[0] as string) : group(codes.map(quote))}`;
}

function group(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] as string) : `(${texts.join(' OR ')})`;
}
