import { ancestorSets } from './ancestor-sets.js';
import type { Unit } from './unit.js';

/** What a diff asks of each of the two trees. */
export interface DiffSource {
  readonly version: string;
  readonly unitCount: number;
  readonly atomCount: number;
  readonly levels: readonly string[];
  /** All units, in code order. */
  units(): Iterable<Unit>;
  /** The codes of today that a code means: itself, or the successors of a former code. */
  resolve(code: string): readonly string[] | undefined;
}

/** A unit by its code, with what it is called. */
export interface NamedUnit {
  readonly code: string;
  readonly label: string;
}

/** What became of the units of one tree in another. Lists are in code order. */
export interface TreeDiff {
  readonly from: TreeSummary;
  readonly to: TreeSummary;
  /** Units that only the second tree has; `from` is what their codes meant in the first, where they were former codes. */
  readonly created: readonly (NamedUnit & { readonly from: readonly string[] })[];
  /** Units that only the first tree has; `into` is what their codes mean in the second, where they are former codes. */
  readonly removed: readonly (NamedUnit & { readonly into: readonly string[] })[];
  readonly renamed: readonly { readonly code: string; readonly from: string; readonly to: string }[];
  /** Units of both trees with other parents. */
  readonly moved: readonly (NamedUnit & { readonly left: readonly string[]; readonly joined: readonly string[] })[];
  /** Units that took over removed ones; one that was split among several stands with each of them. */
  readonly merged: readonly (NamedUnit & { readonly codes: readonly string[] })[];
  /** Units of the first tree that are several in the second: by former codes, or because their former codes came back. */
  readonly split: readonly (NamedUnit & { readonly into: readonly string[] })[];
  readonly atoms: AtomsAffected;
  /** How many units of each level changed in which way, in the order of the levels; levels without change are absent. */
  readonly levels: Readonly<Record<string, LevelChanges>>;
}

export interface TreeSummary {
  readonly version: string;
  readonly units: number;
  readonly atoms: number;
}

/** Atoms that the change touches: what is tagged with them has other units around it than before. */
export interface AtomsAffected {
  readonly created: number;
  readonly removed: number;
  /** In both trees, but with other units around them. */
  readonly moved: number;
  readonly total: number;
}

export interface LevelChanges {
  created: number;
  removed: number;
  renamed: number;
  moved: number;
  merged: number;
  split: number;
}

/** Compares two trees by their codes; takes time in proportion to their units. */
export function diffTrees(a: DiffSource, b: DiffSource): TreeDiff {
  const before = new Map(Array.from(a.units(), (unit) => [unit.code, unit]));
  const after = new Map(Array.from(b.units(), (unit) => [unit.code, unit]));
  const both = [...before.values()].flatMap((unit) => {
    const now = after.get(unit.code);
    return now ? [{ unit, now }] : [];
  });
  const created = [...after.values()]
    .filter(({ code }) => !before.has(code))
    .map(({ code, label }) => ({ code, label, from: a.resolve(code) ?? [] }));
  const removed = [...before.values()]
    .filter(({ code }) => !after.has(code))
    .map(({ code, label }) => ({ code, label, into: b.resolve(code) ?? [] }));
  const renamed = both
    .filter(({ unit, now }) => unit.label !== now.label)
    .map(({ unit, now }) => ({ code: unit.code, from: unit.label, to: now.label }));
  const moved = both
    .map(({ unit, now }) => ({
      code: unit.code,
      label: now.label,
      left: unit.parents.filter((parent) => !now.parents.includes(parent)),
      joined: now.parents.filter((parent) => !unit.parents.includes(parent)),
    }))
    .filter(({ left, joined }) => left.length + joined.length > 0);
  const merged = mergedUnits(removed, after);
  const split = splitUnits(created, removed, before, after);
  const lists = { created, removed, renamed, moved, merged, split };
  return {
    from: { version: a.version, units: a.unitCount, atoms: a.atomCount },
    to: { version: b.version, units: b.unitCount, atoms: b.atomCount },
    ...lists,
    atoms: atomsAffected(before, after),
    levels: changesByLevel(lists, new Set([...a.levels, ...b.levels])),
  };
}

type Units = ReadonlyMap<string, Unit>;

function mergedUnits(removed: TreeDiff['removed'], after: Units): TreeDiff['merged'] {
  const codes = new Map<string, string[]>();
  for (const { code, into } of removed) for (const successor of into) append(codes, successor, code);
  return named(codes, after, (merged) => ({ codes: merged }));
}

function splitUnits(
  created: TreeDiff['created'],
  removed: TreeDiff['removed'],
  before: Units,
  after: Units,
): TreeDiff['split'] {
  const parts = new Map<string, string[]>();
  for (const { code, into } of removed) if (into.length > 1) parts.set(code, [...into]);
  for (const { code, from } of created) for (const old of from) append(parts, old, code);
  for (const [code, into] of parts) if (after.has(code)) into.push(code);
  // A unit that was replaced as a whole by one that has an old code of its own is a merger, not a split.
  for (const [code, into] of parts) if (into.length < 2) parts.delete(code);
  return named(parts, before, (into) => ({ into: [...new Set(into)].sort() }));
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function named<T>(lists: Map<string, string[]>, units: Units, rest: (codes: string[]) => T): (NamedUnit & T)[] {
  return [...lists]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, codes]) => ({ code, label: units.get(code)!.label, ...rest(codes) }));
}

function atomsAffected(before: Units, after: Units): AtomsAffected {
  const setsBefore = ancestorSets(before);
  const setsAfter = ancestorSets(after);
  const atomsBefore = atomsOf(before);
  const atomsAfter = atomsOf(after);
  const created = [...atomsAfter].filter((code) => !before.has(code)).length;
  const removed = [...atomsBefore].filter((code) => !after.has(code)).length;
  let moved = 0;
  for (const code of new Set([...atomsBefore, ...atomsAfter])) {
    if (!before.has(code) || !after.has(code)) continue;
    if (atomsBefore.has(code) !== atomsAfter.has(code) || setsBefore(code) !== setsAfter(code)) moved++;
  }
  return { created, removed, moved, total: created + removed + moved };
}

function atomsOf(units: Units): Set<string> {
  const atoms = new Set(units.keys());
  for (const { parents } of units.values()) for (const parent of parents) atoms.delete(parent);
  return atoms;
}

type Lists = Record<keyof LevelChanges, readonly { readonly code: string }[]>;

function changesByLevel(lists: Lists, levels: ReadonlySet<string>): Record<string, LevelChanges> {
  const changes: Record<string, LevelChanges> = {};
  for (const level of levels) {
    const inLevel = ({ code }: { readonly code: string }) => code.startsWith(`${level}:`);
    const counts = {
      created: lists.created.filter(inLevel).length,
      removed: lists.removed.filter(inLevel).length,
      renamed: lists.renamed.filter(inLevel).length,
      moved: lists.moved.filter(inLevel).length,
      merged: lists.merged.filter(inLevel).length,
      split: lists.split.filter(inLevel).length,
    };
    if (Object.values(counts).some((count) => count > 0)) changes[level] = counts;
  }
  return changes;
}
