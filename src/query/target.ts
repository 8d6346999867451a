import { globCovers, globMatches, globsMeet } from './glob.js';
import type { IndexFields } from './types.js';

/** One pattern of the configuration that a request may mean. */
export interface TargetClause {
  readonly pattern: string;
  readonly fields: IndexFields;
  /** Patterns that come first in the configuration and share indices with this one. */
  readonly exclude: readonly string[];
}

/** The indices that a request may mean, as far as the configuration knows them. */
export interface Target {
  /** Equal for targets that need the same expansion. */
  readonly key: string;
  /** Empty: no configured index is meant, and the request passes untouched. */
  readonly clauses: readonly TargetClause[];
  /** Whether each clause must be guarded by `_index`, since the indices have different fields. */
  readonly guarded: boolean;
}

const NOTHING: Target = { key: '-', clauses: [], guarded: false };
const MOST_REMEMBERED = 1000;

/**
 * Which fields a request's index expression means. The first pattern that matches an index names its fields. One
 * concrete name that none matches is not ours; any other target (none, `_all`, a wildcard, several names, date math, an
 * alias) means every pattern that one of its indices may match. Elasticsearch is never asked what an alias is.
 */
export class Targets {
  readonly #indices: readonly (readonly [pattern: string, fields: IndexFields])[];
  readonly #aliases: ReadonlyMap<string, readonly string[]>;
  readonly #layouts: readonly string[];
  readonly #remembered = new Map<string, Target>();

  constructor(
    indices: readonly (readonly [pattern: string, fields: IndexFields])[],
    aliases: Readonly<Record<string, readonly string[]>>,
  ) {
    this.#indices = indices;
    this.#aliases = new Map(Object.entries(aliases));
    this.#layouts = indices.map(([, { percolator: _, ...fields }]) => JSON.stringify(Object.entries(fields).sort()));
  }

  /** @param expression names and patterns between commas, decoded; empty or `_all` for every index */
  of(expression: string): Target {
    const known = this.#remembered.get(expression);
    if (known !== undefined) return known;
    const target = this.#make(expression);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(expression, target);
    return target;
  }

  /** The fields of the indices meant that hold percolator queries. */
  percolators(expression: string): string[] {
    return [...new Set(this.#places(expression).flatMap((i) => this.#indices[i]![1].percolator ?? []))];
  }

  #places(expression: string): number[] {
    const meant = new Set<number>();
    for (const name of namesOf(expression)) for (const i of this.#meantBy(name)) meant.add(i);
    return [...meant].sort((a, b) => a - b);
  }

  #make(expression: string): Target {
    const places = this.#places(expression);
    if (places.length === 0) return NOTHING;
    const guarded = new Set(places.map((i) => this.#layouts[i])).size > 1;
    const clauses = places.map((i) => ({
      pattern: this.#indices[i]![0],
      fields: this.#indices[i]![1],
      exclude: guarded ? this.#before(i) : [],
    }));
    const key = guarded ? `g${places.join(',')}` : this.#layoutKey(places[0]!);
    return { key, clauses: guarded ? clauses : clauses.slice(0, 1), guarded };
  }

  /** Equal layouts share their expansions. */
  #layoutKey(place: number): string {
    return String(this.#layouts.indexOf(this.#layouts[place]!));
  }

  /** The places of the patterns that an index of this name or pattern may be under. */
  #meantBy(name: string): number[] {
    const aliased = [...this.#aliases].filter(([alias]) =>
      isPattern(name) ? globMatches(name, alias) : alias === name,
    );
    if (aliased.length > 0 && !isPattern(name))
      return aliased.flatMap(([, names]) => names.flatMap((n) => this.#direct(n)));
    return [...this.#direct(name), ...aliased.flatMap(([, names]) => names.flatMap((n) => this.#direct(n)))];
  }

  #direct(name: string): number[] {
    const found: number[] = [];
    for (const [i, [pattern]] of this.#indices.entries()) {
      if (!globsMeet(pattern, name)) continue;
      found.push(i);
      // What follows can't be reached: this pattern takes all that the name may mean.
      if (globCovers(pattern, name)) break;
    }
    return found;
  }

  #before(place: number): string[] {
    const pattern = this.#indices[place]![0];
    return this.#indices
      .slice(0, place)
      .map(([earlier]) => earlier)
      .filter((earlier) => globsMeet(earlier, pattern));
  }
}

/** What an index expression names. An exclusion (`-old*`) only makes less of what is meant: guards and fields still hold. */
function namesOf(expression: string): string[] {
  const names: string[] = [];
  for (const part of splitNames(expression)) {
    const name = part.trim().replace(/::(?:data|failures)$/, '');
    if (name === '' || name === '_all') names.push('*');
    else if (name.startsWith('-') && names.length > 0) continue;
    else names.push(plainName(name));
  }
  return names.length === 0 ? ['*'] : names;
}

/** Commas inside of date math (`<logs-{now/d{yyyy,MM}}>`) separate nothing. */
function splitNames(expression: string): string[] {
  if (!expression.includes('<')) return expression.split(',');
  return expression.match(/(?:<[^>]*>|[^,])+/g) ?? [];
}

/** Date math is a name that only Elasticsearch can compute: its moving part may be anything. */
function plainName(name: string): string {
  if (!name.startsWith('<') || !name.endsWith('>')) return name;
  return name.slice(1, -1).replace(/\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '*');
}

function isPattern(name: string): boolean {
  return name.includes('*');
}
