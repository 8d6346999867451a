/**
 * What a territory becomes in Elasticsearch. A document is tagged with units; it matches when the atoms of one of its
 * tags lie towards the territory as the relation says.
 *
 * Formally, with T the territory and u a tag (in the words of S2's term indexer: a document smaller than the query is
 * found by its ancestors, a larger one by the query's):
 *
 * - `within`, u ⊆ T: some unit of the covering of T holds u, so one of u's ancestors (itself among them) is in it. The
 *   covering holds every largest unit inside, so this is exact. Without the ancestors: u is one of all units inside.
 * - `intersects`, u ∩ T ≠ ∅: u ⊆ T, or u is one of those that share an atom without lying inside.
 * - `contains`, T ⊆ u: u is one of the units around T.
 * - `disjoint`: tagged, and not `intersects`.
 * - `exact`: u is one of the codes as written.
 *
 * A tag that is a former code counts as what it resolves to. One with a single successor stands beside it in the
 * lists; one with several is a unit of its own, with the atoms of all of them.
 */
import type { CodeList } from './code-list.js';
import {
  around,
  coveringByArrows,
  covering as coveringOf,
  inside,
  isInside,
  type LevelFilter,
  spansOf,
  touching,
} from './covering.js';
import { TerritoryUnsupportedError } from './errors.js';
import type { Layout, Relation } from './relation.js';
import type { Snapshot } from './snapshot.js';
import { contains as containsSpans, disjoint, equal, SpanCollector, type Spans } from './spans.js';

/** One `terms`: documents whose `field` holds one of `codes`, which are in code order. */
export interface ExpansionClause {
  readonly field: string;
  readonly codes: readonly string[];
  /** @internal The same codes where they are a tree's: to be counted and printed without a string for each. */
  readonly list?: CodeList | undefined;
}

/** What is to match: nothing; any of the clauses; or all that is tagged but what one of the clauses matches. */
export type Expansion =
  | { readonly kind: 'none' }
  | { readonly kind: 'any'; readonly clauses: readonly ExpansionClause[] }
  | { readonly kind: 'not'; readonly exists: string; readonly clauses: readonly ExpansionClause[] };

/** What an expansion needs to know of a territory. */
export interface Expandable {
  readonly snapshot: Snapshot;
  readonly spans: Spans;
  /** The codes that it was written with, where only codes and `|` were used. */
  readonly written: readonly string[] | undefined;
  codeList(keys: readonly number[]): CodeList;
  levelFilter(levels: readonly string[]): Uint8Array;
  toString(): string;
}

/**
 * The expansion of a territory for the fields of an index. Errors: `TerritoryUnsupportedError` where the fields can't
 * express the relation, or the levels of the index can't write the territory.
 */
export function expand(territory: Expandable, layout: Layout, relation: Relation): Expansion {
  if (layout.units === undefined && layout.ancestors === undefined) {
    throw new TerritoryUnsupportedError('an expansion needs a field: "units", "ancestors" or both');
  }
  // Before anything else: whether a relation is refused must not hang on the territory, which may be empty.
  if (relation !== 'within') unitsField(layout, relation);
  if (relation === 'exact') return expandExact(territory, layout);
  const clauses = territory.spans.length === 0 ? [] : clausesFor(territory, layout, relation);
  if (relation === 'disjoint') {
    return { kind: 'not', exists: unitsField(layout, relation), clauses };
  }
  return clauses.length === 0 ? { kind: 'none' } : { kind: 'any', clauses };
}

function expandExact(territory: Expandable, layout: Layout): Expansion {
  const field = unitsField(layout, 'exact');
  if (territory.written === undefined) {
    throw new TerritoryUnsupportedError(
      'the relation "exact" takes codes as they are written: use only codes and "|", or the relation "within"',
    );
  }
  const codes = [...new Set(territory.written)].sort();
  return codes.length === 0 ? { kind: 'none' } : { kind: 'any', clauses: [{ field, codes }] };
}

function clausesFor(territory: Expandable, layout: Layout, relation: Exclude<Relation, 'exact'>): ExpansionClause[] {
  const { snapshot, spans } = territory;
  const levels = layout.levels && territory.levelFilter(layout.levels);
  const clause = (field: string, units: readonly number[], takes: (split: Spans) => boolean) =>
    clauseOf(field, territory.codeList(units.concat(formersOf(snapshot, units, takes))));
  const isWithin = (split: Spans) => containsSpans(spans, split);
  const touches = (split: Spans) => !disjoint(spans, split);

  let clauses: TreeClause[];
  if (relation === 'within') {
    const units =
      layout.ancestors === undefined ? inside(snapshot, spans, levels) : covering(territory, layout, levels);
    if (levels !== undefined) checkWritable(territory, layout, units);
    clauses = [clause(layout.ancestors ?? layout.units!, units, isWithin)];
  } else if (relation === 'contains') {
    const field = unitsField(layout, relation);
    const holdsAll = (split: Spans) => containsSpans(split, spans);
    clauses = [clause(field, around(snapshot, spans, levels), holdsAll)];
  } else {
    const field = unitsField(layout, relation);
    const shared = touching(snapshot, spans, levels);
    if (layout.ancestors === undefined) {
      clauses = [clause(field, shared, touches)];
    } else {
      const partly = shared.filter((unit) => !isInside(snapshot, unit, spans));
      clauses = [
        clause(layout.ancestors, covering(territory, layout, levels), isWithin),
        clause(field, partly, (split) => touches(split) && !isWithin(split)),
      ];
    }
  }
  return clauses.filter(({ list }) => list.length > 0);
}

interface TreeClause extends ExpansionClause {
  readonly list: CodeList;
}

/** Its list is not among what a caller of the library sees of it, prints or compares. */
function clauseOf(field: string, list: CodeList): TreeClause {
  let codes: readonly string[] | undefined;
  const clause = {
    field,
    get codes() {
      codes ??= list.toArray();
      return codes;
    },
  };
  return Object.defineProperty(clause, 'list', { value: list }) as TreeClause;
}

function covering({ snapshot, spans }: Expandable, layout: Layout, levels: LevelFilter): number[] {
  return layout.ancestorsBy === 'arrows'
    ? coveringByArrows(snapshot, spans, levels)
    : coveringOf(snapshot, spans, levels);
}

/** Former codes that count for these units: those with one successor, and of the split ones those that `takes` accepts. */
function formersOf(snapshot: Snapshot, units: readonly number[], takes: (split: Spans) => boolean): number[] {
  const { formerOffsets, formers, successorOffsets, splits } = snapshot.sections;
  const found: number[] = [];
  for (const unit of units) {
    for (let i = formerOffsets[unit]!; i < formerOffsets[unit + 1]!; i++) {
      const f = formers[i]! - snapshot.units;
      if (successorOffsets[f + 1]! - successorOffsets[f]! === 1) found.push(formers[i]!);
    }
  }
  for (const former of splits) if (takes(spansOfFormer(snapshot, former))) found.push(former);
  return found;
}

/** The atoms of all units that took over a former code. */
export function spansOfFormer(snapshot: Snapshot, key: number): Spans {
  const { successorOffsets, successors } = snapshot.sections;
  const collector = new SpanCollector(snapshot.atoms);
  const f = key - snapshot.units;
  for (let i = successorOffsets[f]!; i < successorOffsets[f + 1]!; i++) {
    collector.addAll(spansOf(snapshot, successors[i]!));
  }
  return collector.finish();
}

/** Whether units of the index's levels can write the territory; an answer that misses a part would be a wrong one. */
function checkWritable(territory: Expandable, layout: Layout, units: readonly number[]): void {
  const { snapshot, spans } = territory;
  const collector = new SpanCollector(snapshot.atoms);
  for (const unit of units) collector.addAll(spansOf(snapshot, unit));
  if (equal(collector.finish(), spans)) return;
  throw new TerritoryUnsupportedError(
    `the territory ${shorten(territory.toString())} can't be written in units of the levels that this index holds ` +
      `(${layout.levels!.join(', ')}); use the relation "intersects", or ask for units of these levels`,
  );
}

function unitsField(layout: Layout, relation: Relation): string {
  if (layout.units !== undefined) return layout.units;
  throw new TerritoryUnsupportedError(
    `the relation "${relation}" needs the field with the codes of the documents themselves; ` +
      `this index has only "${layout.ancestors}", with their ancestors: name "units" in its configuration`,
  );
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
