import type { CodeList } from './code-list.js';
import { inCodeOrder } from './code-order.js';
import { around, closure, cover, covering, inside, type LevelFilter, sizeOf, touching } from './covering.js';
import { MixedTreesError } from './errors.js';
import { type Expandable, expand } from './expansion.js';
import { expansionToQuery, type QueryStyle } from './expansion-query.js';
import type { Layout, Relation } from './relation.js';
import type { Snapshot } from './snapshot.js';
import type { Spans } from './spans.js';
import * as sets from './spans.js';
import type { Unit } from './unit.js';

/** What a territory asks of its tree. */
export interface TreeOfTerritory {
  readonly version: string;
  readonly snapshot: Snapshot;
  unitAt(index: number): Unit;
  codeAt(key: number): string;
  codeList(keys: ArrayLike<number>): CodeList;
  levelFilter(levels: readonly string[]): Uint8Array;
  /** The atoms of a unit or of what took over a former code; `undefined` for a stranger. */
  spansOfCode(code: string): Spans | undefined;
}

/** Restricts a list of units to some levels. */
export interface LevelsOption {
  readonly levels?: readonly string[] | undefined;
}

/** What `toQuery` takes: the fields of the index, the relation (`within` where absent), and how the clause is to look. */
export interface ToQueryOptions extends Layout, QueryStyle {
  readonly relation?: Relation | undefined;
}

const NOTHING_RESOLVED: Readonly<Record<string, readonly string[]>> = Object.freeze({});

/**
 * A set of atoms of one tree; immutable. Made by `tree.territory` and `tree.parse`. The methods on sets are named and
 * mean what those of JavaScript's own `Set` do. Lists are in code order.
 */
export class Territory implements Expandable {
  #cover: Uint32Array | undefined;

  /** @internal Use `tree.territory` or `tree.parse`. */
  constructor(
    readonly tree: TreeOfTerritory,
    /** Sorted, disjoint intervals of atoms: unique, so equal territories have equal spans. */
    readonly spans: Spans,
    /** The codes it was written with, where only codes and unions were used: what the relation `exact` asks for. */
    readonly written: readonly string[] | undefined,
    /** Former codes among those it was written with, and what they became: `{'COM:69232': ['COM:69123']}`. */
    readonly resolved: Readonly<Record<string, readonly string[]>> = NOTHING_RESOLVED,
  ) {}

  get snapshot(): Snapshot {
    return this.tree.snapshot;
  }

  /** The canonical cover: the largest units of the primary partition that lie wholly inside. */
  get codes(): string[] {
    return this.#codes(this.#coverUnits());
  }

  /** The units of the canonical cover. */
  get units(): Unit[] {
    return Array.from(this.#coverUnits(), (unit) => this.tree.unitAt(unit));
  }

  get atomCount(): number {
    return sets.size(this.spans);
  }

  get isEmpty(): boolean {
    return this.spans.length === 0;
  }

  union(other: Territory): Territory {
    this.#mustShareTree(other);
    const written = this.written && other.written && [...this.written, ...other.written];
    return this.#derive(sets.union(this.spans, other.spans), other, written);
  }

  intersection(other: Territory): Territory {
    this.#mustShareTree(other);
    return this.#derive(sets.intersection(this.spans, other.spans), other);
  }

  difference(other: Territory): Territory {
    this.#mustShareTree(other);
    return this.#derive(sets.difference(this.spans, other.spans), other);
  }

  symmetricDifference(other: Territory): Territory {
    this.#mustShareTree(other);
    const onlyHere = sets.difference(this.spans, other.spans);
    return this.#derive(sets.union(onlyHere, sets.difference(other.spans, this.spans)), other);
  }

  isSubsetOf(other: Territory): boolean {
    this.#mustShareTree(other);
    return sets.contains(other.spans, this.spans);
  }

  isSupersetOf(other: Territory): boolean {
    this.#mustShareTree(other);
    return sets.contains(this.spans, other.spans);
  }

  isDisjointFrom(other: Territory): boolean {
    this.#mustShareTree(other);
    return sets.disjoint(this.spans, other.spans);
  }

  equals(other: Territory): boolean {
    this.#mustShareTree(other);
    return sets.equal(this.spans, other.spans);
  }

  /** Whether that unit (of a former code: all that took it over) lies inside; a stranger does not. */
  has(code: string): boolean {
    const spans = this.tree.spansOfCode(code);
    return spans !== undefined && sets.contains(this.spans, spans);
  }

  /**
   * Of a cover of one unit: that unit. Else the smallest unit of any partition that holds it all; among those of equal
   * size the one of the earlier partition, then of the lower level. `undefined` where there is none.
   */
  lowestCommonAncestor(): Unit | undefined {
    if (this.isEmpty) return undefined;
    if (this.spans.length === 2) {
      const { topAt, ends } = this.snapshot.sections;
      const [start, end] = [this.spans[0]!, this.spans[1]!];
      let unit = topAt[start]!;
      while (ends[unit]! > end) unit++;
      if (ends[unit] === end) return this.tree.unitAt(unit);
    }
    let best = -1;
    for (const unit of around(this.snapshot, this.spans)) if (best < 0 || this.#isLower(unit, best)) best = unit;
    return best < 0 ? undefined : this.tree.unitAt(best);
  }

  /** Units with an arrow from a unit of the cover. */
  parents(): Unit[] {
    const { parentOffsets, parents } = this.snapshot.sections;
    return this.#list(this.#steps(parentOffsets, parents));
  }

  /** Units with an arrow to a unit of the cover. */
  children(): Unit[] {
    const { childOffsets, children } = this.snapshot.sections;
    return this.#list(this.#steps(childOffsets, children));
  }

  /** All units above those of the cover along the arrows, these themselves not among them. */
  ancestors(): Unit[] {
    return this.#list(this.#closure('parents'));
  }

  /** All units below those of the cover along the arrows, these themselves not among them. */
  descendants({ level }: { readonly level?: string | undefined } = {}): Unit[] {
    const filter = level === undefined ? undefined : this.tree.levelFilter([level]);
    const { levels } = this.snapshot.sections;
    return this.#list(this.#closure('children').filter((unit) => filter === undefined || filter[levels[unit]!] === 1));
  }

  /** The largest units of all partitions, or of some levels, that lie wholly inside. They may overlap. */
  covering({ levels }: LevelsOption = {}): Unit[] {
    return this.#list(covering(this.snapshot, this.spans, this.#filter(levels)));
  }

  /** All units whose atoms are all inside. */
  inside({ levels }: LevelsOption = {}): Unit[] {
    return this.#list(inside(this.snapshot, this.spans, this.#filter(levels)));
  }

  /** All units that hold the whole territory. */
  around({ levels }: LevelsOption = {}): Unit[] {
    return this.#list(around(this.snapshot, this.spans, this.#filter(levels)));
  }

  /** All units that share an atom with the territory. */
  touching({ levels }: LevelsOption = {}): Unit[] {
    return this.#list(touching(this.snapshot, this.spans, this.#filter(levels)));
  }

  /**
   * The Elasticsearch clause that matches documents tagged with units that lie towards the territory as `relation`
   * says. Throws `TerritoryUnsupportedError` where the fields can't express it.
   */
  toQuery({ relation = 'within', style, boost, _name, ...layout }: ToQueryOptions): Record<string, unknown> {
    return expansionToQuery(expand(this, layout, relation), { style, boost, _name });
  }

  /** `DEP:01 | DEP:03`, an expression that reads back; of the empty territory `∅`. */
  toString(): string {
    return this.isEmpty ? '∅' : this.codes.join(' | ');
  }

  toJSON(): { version: string; codes: string[]; atomCount: number } {
    return { version: this.tree.version, codes: this.codes, atomCount: this.atomCount };
  }

  /** @internal */
  codeList(keys: readonly number[]): CodeList {
    return this.tree.codeList(keys);
  }

  /** @internal */
  levelFilter(levels: readonly string[]): Uint8Array {
    return this.tree.levelFilter(levels);
  }

  #codes(keys: Uint32Array): string[] {
    const codes = new Array<string>(keys.length);
    for (let i = 0; i < keys.length; i++) codes[i] = this.tree.codeAt(keys[i]!);
    return codes;
  }

  #coverUnits(): Uint32Array {
    this.#cover ??= inCodeOrder(this.snapshot, cover(this.snapshot, this.spans));
    return this.#cover;
  }

  #list(units: readonly number[]): Unit[] {
    return Array.from(inCodeOrder(this.snapshot, units), (unit) => this.tree.unitAt(unit));
  }

  #filter(levels: readonly string[] | undefined): LevelFilter {
    return levels === undefined ? undefined : this.tree.levelFilter(levels);
  }

  /** One step along the arrows from each unit of the cover. */
  #steps(offsets: Uint32Array, targets: Uint32Array): number[] {
    const found: number[] = [];
    for (const unit of this.#coverUnits()) {
      for (let i = offsets[unit]!; i < offsets[unit + 1]!; i++) found.push(targets[i]!);
    }
    return found;
  }

  #closure(along: 'parents' | 'children'): number[] {
    const { parentOffsets, parents, childOffsets, children } = this.snapshot.sections;
    const first = along === 'parents' ? this.#steps(parentOffsets, parents) : this.#steps(childOffsets, children);
    return closure(this.snapshot, first, along);
  }

  /** Whether unit a is a better lowest common ancestor than b. Levels are numbered by partition, then from below. */
  #isLower(a: number, b: number): boolean {
    const bySize = sizeOf(this.snapshot, a) - sizeOf(this.snapshot, b);
    if (bySize !== 0) return bySize < 0;
    const { levels, ranks } = this.snapshot.sections;
    return levels[a]! !== levels[b]! ? levels[a]! < levels[b]! : ranks[a]! < ranks[b]!;
  }

  #derive(spans: Spans, other: Territory, written?: readonly string[]): Territory {
    const both = this.resolved !== NOTHING_RESOLVED || other.resolved !== NOTHING_RESOLVED;
    const resolved = both ? { ...this.resolved, ...other.resolved } : undefined;
    return new Territory(this.tree, spans, written, resolved);
  }

  #mustShareTree(other: Territory): void {
    if (other.tree === this.tree) return;
    throw new MixedTreesError(
      `a territory belongs to its tree: one of these is of version ${this.tree.version}, the other of ` +
        `${other.tree.version}${other.tree.version === this.tree.version ? ', loaded apart' : ''}; make both with the same tree`,
    );
  }
}
