import { BestUnits } from './best-units.js';
import { fold, foldLetters, writeOutSaints } from './fold.js';
import type { SearchIndex, SearchTexts, SortedPlaces } from './search-index.js';

/** What a search asks about units; the texts must be those that the index was made from. */
export interface SearchSource extends SearchTexts {
  inhabitants(unit: number): number | undefined;
  /** The place of a unit in code order, which settles ties. */
  codeRank(unit: number): number;
  /** The levels, in which a bare `69123` is looked up. */
  readonly levels: readonly string[];
  /** What else units are called. */
  readonly otherNames?: readonly OtherName[] | undefined;
  /** The units that a code means: itself, the successors of a former code, or none. */
  find(code: string): readonly number[];
}

/** A further name of a unit, folded. */
export interface OtherName {
  readonly name: string;
  readonly unit: number;
}

export interface SearchOptions {
  /** Which units may be found; all where absent. */
  readonly accept?: ((unit: number) => boolean) | undefined;
  /** At most how many; 10 where absent. */
  readonly size?: number | undefined;
}

/**
 * The units that a text may mean, best first: those with that code; those with exactly that name or postal code; those
 * whose name begins with it; those in whose name words begin with it; those in whose name words begin with each of its
 * words, in any order. Among equals the larger population comes first, then code order. Case, accents, hyphens and
 * apostrophes do not count, St is Saint and Ste is Sainte.
 *
 * Takes time for the names that match, plus two binary searches a word; nothing is scanned.
 */
export function searchIndex(
  index: SearchIndex,
  source: SearchSource,
  text: string,
  { accept = () => true, size = 10 }: SearchOptions = {},
): number[] {
  return new Search(index, source, accept, size).run(text);
}

class Search {
  private readonly found: number[] = [];
  /** 1 for units that a class before this one has looked at. */
  private readonly seen: Uint8Array;

  constructor(
    private readonly index: SearchIndex,
    private readonly source: SearchSource,
    private readonly accept: (unit: number) => boolean,
    private readonly size: number,
  ) {
    this.seen = new Uint8Array(source.count);
  }

  run(text: string): number[] {
    this.take(this.unitsWithCode(text.trim()));
    const queries = readings(text);
    const names = queries.map((query) => ({ query, range: this.rangeOf(this.index.names, this.nameKey, query) }));
    this.take(
      names.flatMap(({ query, range }) => this.equalNames(range, query)),
      queries.flatMap((query) => this.unitsCalled((name) => name === query)),
    );
    this.take(queries.flatMap((query) => this.unitsWithPostalCode(query)));
    this.take(
      ...names.map(({ range }) => unitsIn(this.index.names, range)),
      queries.flatMap((query) => this.unitsCalled((name) => name.startsWith(query))),
    );
    const words = queries.map((query) => this.rangeOf(this.index.words, this.wordKey, query));
    this.take(...words.map((range) => unitsIn(this.index.words, range)));
    this.take(...queries.filter((query) => query.includes(' ')).map((query) => this.unitsWithAllWords(query)));
    return this.found;
  }

  /** Adds the best of these units to what was found, as long as there is room. */
  private take(...lists: readonly ArrayLike<number>[]): void {
    const room = this.size - this.found.length;
    if (room <= 0) return;
    const best = new BestUnits(room, this.isBetter);
    for (const units of lists) {
      for (let i = 0; i < units.length; i++) {
        const unit = units[i]!;
        if (this.seen[unit] === 1) continue;
        this.seen[unit] = 1;
        if (best.wants(unit) && this.accept(unit)) best.offer(unit);
      }
    }
    this.found.push(...best.sorted());
  }

  private readonly isBetter = (a: number, b: number): boolean => {
    const difference = (this.source.inhabitants(a) ?? 0) - (this.source.inhabitants(b) ?? 0);
    return difference !== 0 ? difference > 0 : this.source.codeRank(a) < this.source.codeRank(b);
  };

  private unitsWithCode(text: string): number[] {
    if (!/^[A-Za-z0-9_.:-]+$/.test(text)) return [];
    const spellings = new Set([text, text.toUpperCase()]);
    const codes = text.includes(':')
      ? [...spellings]
      : [...spellings].flatMap((id) => this.source.levels.map((level) => `${level}:${id}`));
    return codes.flatMap((code) => [...this.source.find(code)]);
  }

  private unitsCalled(accept: (name: string) => boolean): number[] {
    return (this.source.otherNames ?? []).filter(({ name }) => accept(name)).map(({ unit }) => unit);
  }

  /** Names equal to the query come first among those that begin with it. */
  private equalNames([begin, end]: Range, query: string): number[] {
    const units: number[] = [];
    for (let i = begin; i < end && this.nameKey(i) === query; i++) units.push(this.index.names.units[i]!);
    return units;
  }

  private unitsWithPostalCode(query: string): number[] {
    const units: number[] = [];
    const [begin, end] = this.rangeOf(this.index.postalCodes, this.postalKey, query);
    for (let i = begin; i < end && this.postalKey(i) === query; i++) units.push(this.index.postalCodes.units[i]!);
    return units;
  }

  private unitsWithAllWords(query: string): number[] {
    const words = [...new Set(query.split(' '))];
    const matched = new Uint8Array(this.source.count);
    let units: number[] = [];
    for (const [i, word] of words.entries()) {
      if (i === 255) break;
      const still: number[] = [];
      for (const [places, key] of [
        [this.index.names, this.nameKey],
        [this.index.words, this.wordKey],
      ] as const) {
        const [begin, end] = this.rangeOf(places, key, word);
        for (let at = begin; at < end; at++) {
          const unit = places.units[at]!;
          if (matched[unit] !== i) continue;
          matched[unit] = i + 1;
          still.push(unit);
        }
      }
      units = still;
    }
    return units;
  }

  private readonly nameKey = (i: number): string => fold(this.source.label(this.index.names.units[i]!));

  private readonly wordKey = (i: number): string => {
    const { units, offsets } = this.index.words;
    return fold(this.source.label(units[i]!)).slice(offsets![i]);
  };

  private readonly postalKey = (i: number): string => {
    const { units, offsets } = this.index.postalCodes;
    return fold(this.source.postalCodes(units[i]!)[offsets![i]!]!);
  };

  /** The places whose text begins with the query. */
  private rangeOf(places: SortedPlaces, key: (i: number) => string, query: string): Range {
    const begin = firstPlace(0, places.units.length, (i) => key(i) >= query);
    const end = firstPlace(begin, places.units.length, (i) => !key(i).startsWith(query));
    return [begin, end];
  }
}

type Range = readonly [begin: number, end: number];

/**
 * What a text may mean: its folded form, and where its last word is `st` or `ste`, also that as the beginning of a
 * longer word, such as Strasbourg. Empty where there is nothing to look for.
 */
function readings(text: string): string[] {
  const letters = foldLetters(text);
  if (letters === '') return [];
  const lastWord = letters.lastIndexOf(' ') + 1;
  return [...new Set([writeOutSaints(letters), writeOutSaints(letters.slice(0, lastWord)) + letters.slice(lastWord)])];
}

function unitsIn(places: SortedPlaces, [begin, end]: Range): ArrayLike<number> {
  return places.units.subarray(begin, end);
}

/** The first place from `low` for which a condition holds that holds for all places after it, too. */
function firstPlace(low: number, high: number, holds: (i: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
