import { TerritorySyntaxError, TerritoryUnsupportedError, UnknownUnitError } from '../territory/errors.js';
import { expand } from '../territory/expansion.js';
import type { Relation } from '../territory/relation.js';
import type { Territory } from '../territory/territory.js';
import type { TerritoryTree } from '../territory/tree.js';
import { type Expanded, ExpansionCache, type ExpansionRequest, type Written } from './cache.js';
import { type Branch, printBranch, printGuarded } from './expansion-text.js';
import { codesIn, luceneText, luceneTextGuarded, MAX_CODES_WRITTEN_IN } from './lucene/index.js';
import type { Target, TargetClause } from './target.js';
import type { IndexFields, RewriterOptions } from './types.js';
import type { Known, Source } from './use.js';

/** How many entries, and how many bytes of them, are made anew when the tree changes: work of less than a tenth of a second. */
const HOTTEST = 2000;
const HOTTEST_BYTES = 8 << 20;
const SAVED_NESTING = 50;
/** Stands for a code that is left out. */
const DROPPED = '__territory_proxy_dropped__';

/** From shorthand to bytes, through the cache, with one tree. */
export class Expander {
  readonly cache: ExpansionCache;

  constructor(
    readonly tree: TerritoryTree,
    readonly options: Pick<RewriterOptions, 'unknown' | 'cacheBytes' | 'savedTerritory'>,
    before?: ExpansionCache,
  ) {
    this.cache = new ExpansionCache(options.cacheBytes, before);
    if (before !== undefined) this.#warm(before);
  }

  /** What was written under a key that stands for its bytes, read by `read` where the cache does not know it. */
  written(key: string, read: () => Pick<Written, 'text' | 'use'>): Written {
    const cached = this.cache.written(key);
    if (cached !== undefined) return cached;
    const { text, use } = read();
    const written = { text, use, known: this.know(use.source) };
    if (isLasting(use.source)) this.cache.keepWritten(key, written);
    return written;
  }

  /**
   * The territory that a source means.
   *
   * @throws UnknownUnitError with all unknown codes, unless these are to be dropped; TerritorySyntaxError
   */
  know(source: Source): Known {
    if (source.kind === 'exists') return { source, territory: undefined, key: 'exists', codes: [], dropped: [] };
    const codes = source.kind === 'codes' ? source.values : source.values.flatMap((text) => text.match(CODES) ?? []);
    try {
      return this.#known(source, this.#territory(source), codes, []);
    } catch (error) {
      if (!(error instanceof UnknownUnitError) || this.options.unknown !== 'warn') throw error;
      return this.#known(source, this.#territoryWithout(source, new Set(error.units)), codes, error.units);
    }
  }

  /** The expansion, and whether the cache had it. Throws TerritoryUnsupportedError. */
  expand(request: ExpansionRequest): { expanded: Expanded; cache: 'hit' | 'miss' } {
    const key = keyOf(request);
    const cached = this.cache.expanded(key);
    if (cached !== undefined) return { expanded: cached, cache: 'hit' };
    const expanded = this.#expand(request);
    this.cache.keepExpanded(key, expanded);
    return { expanded, cache: 'miss' };
  }

  #known(source: Source, territory: Territory, codes: readonly string[], dropped: readonly string[]): Known {
    return { source, territory, key: territory.spans.join(), codes, dropped };
  }

  #territory(source: Exclude<Source, { kind: 'exists' }>): Territory {
    if (source.kind === 'codes') return this.tree.territoryOf(source.values);
    return this.#union(source.values, (text) => this.#parse(text, 0));
  }

  #territoryWithout(source: Exclude<Source, { kind: 'exists' }>, unknown: ReadonlySet<string>): Territory {
    if (source.kind === 'codes') return this.tree.territoryOf(source.values.filter((code) => !unknown.has(code)));
    return this.#union(source.values, (text) => {
      const known = text.replace(CODES, (code) => (unknown.has(code) ? `@${DROPPED}` : code));
      return this.#parse(known, 0);
    });
  }

  #union(texts: readonly string[], parse: (text: string) => Territory): Territory {
    const [first, ...rest] = collectUnknown(texts, parse);
    return rest.reduce((all, one) => all.union(one), first ?? this.tree.empty);
  }

  #parse(text: string, nesting: number): Territory {
    if (nesting > SAVED_NESTING) {
      throw new TerritorySyntaxError(`saved territories are nested deeper than ${SAVED_NESTING}, or name each other`);
    }
    return this.tree.parse(text, {
      resolve: (name) => {
        if (name === DROPPED) return this.tree.empty;
        const saved = this.options.savedTerritory?.(name);
        return saved === undefined ? undefined : this.#parse(saved, nesting + 1);
      },
    });
  }

  #expand(request: ExpansionRequest): Expanded {
    const { known, target, form, boost } = request;
    const branches = target.clauses.map((clause) => this.#branch(known, request.relation, clause));
    const relation = relationIn(request.relation, target.clauses[0]?.fields);
    const terms = branches.reduce((sum, { expansion }) => sum + codesIn(expansion), 0);
    let printed: string;
    if (form === 'json') printed = target.guarded ? printGuarded(branches) : printBranch(branches[0]!);
    else if (terms > MAX_CODES_WRITTEN_IN) printed = '';
    else printed = luceneOf(target, branches, boost);
    return { request, printed: Buffer.from(printed), terms, relation };
  }

  #branch(known: Known, relation: Relation | undefined, { pattern, exclude, fields }: TargetClause): Branch {
    const branch = { pattern, exclude, fields };
    if (known.territory === undefined) {
      return { ...branch, expansion: { kind: 'not', exists: (fields.units ?? fields.ancestors)!, clauses: [] } };
    }
    try {
      return { ...branch, expansion: expand(known.territory, fields, relationIn(relation, fields)) };
    } catch (error) {
      if (!(error instanceof TerritoryUnsupportedError)) throw error;
      throw new TerritoryUnsupportedError(`indices under [${pattern}]: ${error.message}`, { cause: error });
    }
  }

  /** Makes the hottest entries of another tree's cache anew, the coldest of them first, so that their order stays. */
  #warm(before: ExpansionCache): void {
    for (const [key, entry] of before.hottest(HOTTEST, HOTTEST_BYTES).reverse()) {
      ifKnown(() => {
        if ('written' in entry) {
          const { text, use } = entry.written;
          this.cache.keepWritten(key, { text, use, known: this.know(use.source) });
        } else if ('reading' in entry) this.cache.keepReading(key, entry.reading);
        else {
          const { request } = entry.expanded;
          const anew = { ...request, known: this.know(request.known.source) };
          this.cache.keepExpanded(keyOf(anew), this.#expand(anew));
        }
      });
    }
  }
}

const CODES = /[A-Z][A-Z0-9_]*:[A-Za-z0-9._-]+/g;

/** Maps a list; all unknown codes that come up on the way are in one error. Any other error goes first. */
export function collectUnknown<From, To>(list: readonly From[], make: (one: From) => To): To[] {
  const made: To[] = [];
  const unknown: UnknownUnitError[] = [];
  for (const one of list) {
    try {
      made.push(make(one));
    } catch (error) {
      if (!(error instanceof UnknownUnitError)) throw error;
      unknown.push(error);
    }
  }
  if (unknown.length === 0) return made;
  const units = [...new Set(unknown.flatMap((error) => error.units))];
  throw new UnknownUnitError(units, Object.assign({}, ...unknown.map((error) => error.suggestions)));
}

function relationIn(relation: Relation | undefined, fields: IndexFields | undefined): Relation {
  return relation ?? fields?.relation ?? 'within';
}

/** Saved territories change without the tree, so nothing that names one is kept. */
function isLasting(source: Source): boolean {
  return source.kind !== 'expression' || !source.values.some((text) => text.includes('@'));
}

function keyOf({ known, relation, target, form, boost }: ExpansionRequest): string {
  const exact = target.clauses.some(({ fields }) => relationIn(relation, fields) === 'exact');
  const codes = exact ? `${known.territory?.written?.join('|') ?? '?'}\n` : '';
  return `${form}${boost ?? ''} ${relation ?? ''} ${target.key} ${codes}${known.key}`;
}

function luceneOf(target: Target, branches: readonly Branch[], boost: string | undefined): string {
  if (!target.guarded) return luceneText(branches[0]!.expansion, boost);
  const guarded = branches.map(({ pattern, exclude, expansion }) => ({ include: [pattern], exclude, expansion }));
  return luceneTextGuarded(guarded, boost);
}

/** A code that the new tree does not know, or a territory that it can't write, is no entry: the next request will say so. */
function ifKnown(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof UnknownUnitError) && !(error instanceof TerritoryUnsupportedError)) throw error;
  }
}
