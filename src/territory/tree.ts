import { type BuildOptions, buildSnapshot, buildSnapshotAsync } from './build.js';
import { CodeBlocks, type CodeList } from './code-list.js';
import { sizeOf, spansOf } from './covering.js';
import { type BuildFault, TerritoryUnsupportedError, UnknownUnitError } from './errors.js';
import { spansOfFormer } from './expansion.js';
import { evaluateExpression, parseExpression, writtenCodes } from './expression.js';
import { fold } from './fold.js';
import { KeyTable } from './key-table.js';
import { type OtherName, searchIndex } from './search.js';
import { openSearchIndex, type SearchIndex } from './search-index.js';
import { readSnapshot, type Snapshot } from './snapshot.js';
import { NO_SPANS, SpanCollector, type Spans } from './spans.js';
import { suggestCodes, suggestForAll } from './suggest.js';
import { Territory, type TreeOfTerritory } from './territory.js';
import { AsciiTexts, decode, splitPostalCodes, Utf8Texts } from './texts.js';
import { levelOf, type Partition, type Unit, type UnitInput } from './unit.js';

/** Restricts and bounds a search by name. */
export interface SearchUnitsOptions {
  readonly level?: string | undefined;
  /** At most how many units; 10 where absent. */
  readonly size?: number | undefined;
}

/** Gives the territory that a name (`@name`, here without the `@`) stands for; `undefined` where none has it. */
export interface ParseOptions {
  readonly resolve?: ((name: string) => Territory | undefined) | undefined;
}

type Units = Iterable<UnitInput | BuildFault>;
type AsyncUnits = AsyncIterable<UnitInput | BuildFault>;
type Constructor<Tree> = new (snapshot: Snapshot) => Tree;

/**
 * The built, frozen map of units: views on one buffer, and nothing else. Immutable; many can live side by side, and
 * several threads can share one on a SharedArrayBuffer.
 */
export class TerritoryTree implements TreeOfTerritory {
  /** 16 hex digits: a hash of the content. */
  readonly version: string;
  readonly partitions: readonly Partition[];
  /** The levels of all partitions, one after the other, each from the lowest. */
  readonly levels: readonly string[];
  /** @internal */
  readonly snapshot: Snapshot;
  readonly #codes: AsciiTexts;
  #codeBlocks: CodeBlocks | undefined;
  readonly #labels: Utf8Texts;
  readonly #postal: Utf8Texts;
  readonly #table: KeyTable;
  readonly #names: readonly (readonly [name: string, code: string])[];
  #search: { readonly index: SearchIndex; readonly otherNames: readonly OtherName[] } | undefined;

  /** @internal Use `build`, `load` or `fromBuffer`. */
  constructor(snapshot: Snapshot) {
    const { sections } = snapshot;
    this.snapshot = snapshot;
    this.version = snapshot.version;
    const { partitions, names = [] } = JSON.parse(decode(sections.meta, 0, sections.meta.length));
    this.partitions = partitions;
    this.#names = names;
    this.levels = this.partitions.flatMap((partition) => partition.levels);
    this.#codes = new AsciiTexts(sections.codeOffsets, sections.codeText);
    this.#labels = new Utf8Texts(sections.labelOffsets, sections.labelText);
    this.#postal = new Utf8Texts(sections.postalOffsets, sections.postalText);
    this.#table = new KeyTable({
      ...{ seed: snapshot.seed, pilots: sections.pilots, remap: sections.remap, cells: sections.cells },
      ...{ keys: sections.keys, offsets: sections.codeOffsets, text: sections.codeText },
    });
  }

  /**
   * Builds a tree from units in any order: at once from an iterable, as a promise from an async one. The same units
   * give the same bytes. All that is wrong with them is in one `TreeBuildError`.
   */
  static build<Tree>(this: Constructor<Tree>, units: Units, options?: BuildOptions): Tree;
  static build<Tree>(this: Constructor<Tree>, units: AsyncUnits, options?: BuildOptions): Promise<Tree>;
  static build<Tree>(
    this: Constructor<Tree>,
    units: Units | AsyncUnits,
    options: BuildOptions = {},
  ): Tree | Promise<Tree> {
    if (Symbol.asyncIterator in units) return buildSnapshotAsync(units, options).then((snapshot) => new this(snapshot));
    return new this(buildSnapshot(units, options));
  }

  /**
   * A tree on a snapshot that lies in memory, without copying it (but for a view at an odd place). Errors:
   * `TreeCacheForeign`, `TreeCacheIncompatible`, `TreeCacheCorrupt`.
   */
  static fromBuffer<Tree>(this: Constructor<Tree>, buffer: ArrayBufferLike | Uint8Array): Tree {
    return new this(readSnapshot(buffer));
  }

  /** The snapshot: the bytes that this tree stands on, not a copy. */
  toBuffer(): Uint8Array {
    return this.snapshot.bytes;
  }

  get unitCount(): number {
    return this.snapshot.units;
  }

  get atomCount(): number {
    return this.snapshot.atoms;
  }

  get formerCodeCount(): number {
    return this.snapshot.keys - this.snapshot.units;
  }

  /** The number of units at each level, in the order of `levels`. */
  levelCounts(): Record<string, number> {
    const counts = new Array<number>(this.levels.length).fill(0);
    for (const level of this.snapshot.sections.levels) counts[level]!++;
    return Object.fromEntries(this.levels.map((level, i) => [level, counts[i]!]));
  }

  /** The unit with this code; `undefined` for a stranger or a former code. */
  unit(code: string): Unit | undefined {
    const index = this.indexOf(code);
    return index < 0 ? undefined : this.unitAt(index);
  }

  /** All units, in code order. */
  *units(): IterableIterator<Unit> {
    for (const key of this.snapshot.sections.byRank) if (key < this.unitCount) yield this.unitAt(key);
  }

  /** The codes of today that a code means: itself, or its successors; `undefined` for a stranger. */
  resolve(code: string): readonly string[] | undefined {
    const key = this.#table.ofString(code);
    if (key < 0) return undefined;
    return key < this.unitCount ? [code] : this.#successors(key).map((unit) => this.codeAt(unit));
  }

  /** All former codes with their successors, in code order. */
  *formerCodes(): IterableIterator<readonly [former: string, successors: readonly string[]]> {
    for (let key = this.unitCount; key < this.snapshot.keys; key++) {
      yield [this.codeAt(key), this.#successors(key).map((unit) => this.codeAt(unit))];
    }
  }

  /**
   * Units by name (also by what else they are called), code or postal code, best first: exact before prefix before word, larger population first. Accents,
   * case and hyphens don't count.
   */
  search(text: string, { level, size }: SearchUnitsOptions = {}): Unit[] {
    const { sections } = this.snapshot;
    this.#search ??= {
      index: openSearchIndex(sections.search),
      otherNames: this.#names.map(([name, code]) => ({ name: fold(name), unit: this.indexOf(code) })),
    };
    const filter = level === undefined ? undefined : this.levelFilter([level]);
    const accept = filter && ((unit: number) => filter[sections.levels[unit]!] === 1);
    const source = {
      count: this.unitCount,
      levels: this.levels,
      label: (unit: number) => this.labelAt(unit),
      postalCodes: (unit: number) => splitPostalCodes(this.#postal.at(unit)),
      inhabitants: (unit: number) => this.inhabitantsAt(unit),
      codeRank: (unit: number) => sections.ranks[unit]!,
      find: (code: string) => this.#unitsOf(code),
      otherNames: this.#search.otherNames,
    };
    return searchIndex(this.#search.index, source, text, { accept, size }).map((unit) => this.unitAt(unit));
  }

  /** What a person may have meant by a code that is unknown: at most five codes of today. */
  suggest(code: string): string[] {
    return suggestCodes(code, this);
  }

  /**
   * The territory of these codes together. Former codes become what took over and are listed in `resolved`. Throws an
   * `UnknownUnitError` that names all unknown codes, with suggestions.
   */
  territory(...codes: string[]): Territory {
    if (codes.length === 1) {
      const key = this.#table.ofString(codes[0]!);
      if (key >= 0 && key < this.unitCount) return new Territory(this, spansOf(this.snapshot, key), codes);
    }
    return this.territoryOf(codes);
  }

  /** As `territory`, of a list that may be too long to spread into arguments. */
  territoryOf(codes: readonly string[]): Territory {
    const { snapshot } = this;
    const { starts, ends } = snapshot.sections;
    const spans = new SpanCollector(snapshot.atoms, codes.length);
    let unknown: Set<string> | undefined;
    let resolved: Record<string, readonly string[]> | undefined;
    for (const code of codes) {
      const key = this.#table.ofString(code);
      if (key < 0) {
        unknown ??= new Set();
        unknown.add(code);
      } else if (key < snapshot.primaryUnits) {
        spans.add(starts[key]!, ends[key]!);
      } else if (key < snapshot.units) {
        spans.addAll(spansOf(snapshot, key));
      } else {
        spans.addAll(spansOfFormer(snapshot, key));
        resolved ??= {};
        resolved[code] = this.#successors(key).map((unit) => this.codeAt(unit));
      }
    }
    if (unknown !== undefined) throw new UnknownUnitError([...unknown], suggestForAll([...unknown], this));
    return new Territory(this, spans.finish(), codes.slice(), resolved);
  }

  /**
   * The territory that an expression writes: `REG:84 - DEP:69`, `A | B`, `A & B`, parentheses, `@name`. `-` binds
   * tightest, then `&`, then `|`. Throws `TerritorySyntaxError` with the column, or one `UnknownUnitError` for all codes.
   */
  parse(expression: string, options: ParseOptions = {}): Territory {
    const node = parseExpression(expression);
    const territory = evaluateExpression<Territory>(node, {
      has: (code) => this.#table.ofString(code) >= 0,
      territory: (codes) => this.territoryOf(codes),
      union: (a, b) => a.union(b),
      intersection: (a, b) => a.intersection(b),
      difference: (a, b) => a.difference(b),
      resolve: options.resolve,
      suggest: (codes) => suggestForAll(codes, this),
    });
    return new Territory(this, territory.spans, writtenCodes(node), territory.resolved);
  }

  /** The territory without atoms. */
  get empty(): Territory {
    return new Territory(this, NO_SPANS, []);
  }

  /** The index of a unit, or -1; of a former code -1. */
  indexOf(code: string): number {
    const key = this.#table.ofString(code);
    return key < this.unitCount ? key : -1;
  }

  /** The key whose code is these bytes: a unit's index, `-2 - f` for former code f, -1 for a stranger. Makes no string. */
  indexOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const key = this.#table.ofBytes(bytes, start, end);
    return key < this.unitCount ? key : -2 - (key - this.unitCount);
  }

  unitAt(index: number): Unit {
    const { parentOffsets, parents, formerOffsets, formers } = this.snapshot.sections;
    const code = this.codeAt(index);
    return {
      code,
      level: levelOf(code),
      label: this.labelAt(index),
      parents: this.#codesBetween(parents, parentOffsets[index]!, parentOffsets[index + 1]!),
      inhabitants: this.inhabitantsAt(index),
      postal_codes: splitPostalCodes(this.#postal.at(index)),
      former_codes: this.#codesBetween(formers, formerOffsets[index]!, formerOffsets[index + 1]!),
    };
  }

  /** The code of a unit, by its index. */
  codeAt(index: number): string {
    return this.#codes.at(index);
  }

  labelAt(index: number): string {
    return this.#labels.at(index);
  }

  levelAt(index: number): string {
    return this.levels[this.snapshot.sections.levels[index]!]!;
  }

  inhabitantsAt(index: number): number | undefined {
    const people = this.snapshot.sections.inhabitants[index]!;
    return Number.isNaN(people) ? undefined : people;
  }

  atomCountAt(index: number): number {
    return sizeOf(this.snapshot, index);
  }

  /** @internal The codes of these keys (units or former codes), each once, in code order. */
  codeList(keys: ArrayLike<number>): CodeList {
    this.#codeBlocks ??= new CodeBlocks(this.snapshot, (key) => this.codeAt(key));
    return this.#codeBlocks.list(keys);
  }

  /** @internal */
  levelFilter(levels: readonly string[]): Uint8Array {
    const filter = new Uint8Array(this.levels.length);
    const unknown = levels.filter((level) => !this.levels.includes(level));
    if (unknown.length > 0) {
      const named = unknown.map((level) => `[${level}]`).join(', ');
      throw new TerritoryUnsupportedError(`unknown level ${named}; this map has ${this.levels.join(', ')}`);
    }
    for (const level of levels) filter[this.levels.indexOf(level)] = 1;
    return filter;
  }

  /** @internal */
  spansOfCode(code: string): Spans | undefined {
    const key = this.#table.ofString(code);
    if (key < 0) return undefined;
    return key < this.unitCount ? spansOf(this.snapshot, key) : spansOfFormer(this.snapshot, key);
  }

  /** The units that a code means, by index. */
  #unitsOf(code: string): number[] {
    const key = this.#table.ofString(code);
    if (key < 0) return [];
    return key < this.unitCount ? [key] : this.#successors(key);
  }

  /** The units that took over a former code, in code order. */
  #successors(key: number): number[] {
    const { successorOffsets, successors, ranks } = this.snapshot.sections;
    const f = key - this.unitCount;
    const units = Array.from(successors.subarray(successorOffsets[f]!, successorOffsets[f + 1]!));
    return units.sort((a, b) => ranks[a]! - ranks[b]!);
  }

  #codesBetween(keys: Uint32Array, from: number, to: number): string[] {
    if (from === to) return [];
    const { ranks } = this.snapshot.sections;
    const own = Array.from(keys.subarray(from, to));
    return own.sort((a, b) => ranks[a]! - ranks[b]!).map((key) => this.codeAt(key));
  }
}
