/**
 * Which units write a set of atoms down, lie inside it, around it, or touch it. All functions take the snapshot and a
 * set of atoms, and return unit indexes in no particular order.
 *
 * They use two facts of the layout. In depth-first order, the primary units that begin at one atom are consecutive, the
 * highest first, and each is all atoms from its start to its end. And a secondary unit inside a set has its first atom
 * in it, so that `secondaryByStart` leads from an interval to its candidates.
 */
import type { Snapshot } from './snapshot.js';
import { contains, containsRange, type Spans } from './spans.js';

/** Which units count: `allowed[level]`, or all where undefined. */
export type LevelFilter = Uint8Array | undefined;

/**
 * The canonical cover: the largest primary units wholly inside; of a unit and its only child the higher one. A descent
 * from the top at each interval's start, in time proportional to the cover and the depth of the tree.
 */
export function cover({ sections }: Snapshot, spans: Spans): number[] {
  const { topAt, ends } = sections;
  const found: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const end = spans[i + 1]!;
    for (let atom = spans[i]!; atom < end; ) {
      let unit = topAt[atom]!;
      while (ends[unit]! > end) unit++;
      found.push(unit);
      atom = ends[unit]!;
    }
  }
  return found;
}

/**
 * The covering: every unit inside that is in no larger unit inside; of units with equal atoms all. In time
 * proportional to the intervals, the units found and the secondary units that begin inside.
 */
export function covering(snapshot: Snapshot, spans: Spans, levels?: LevelFilter): number[] {
  const { starts, ends } = snapshot.sections;
  // Largest primary units of these levels, in order of their atoms.
  const primary = largestPrimary(snapshot, spans, levels);
  const secondary = secondaryInside(snapshot, spans, levels);
  if (secondary.length === 0) return primary;

  // By place in the two lists: 1 where a larger unit inside holds that one.
  const primaryHeld = new Uint8Array(primary.length);
  const secondaryHeld = new Uint8Array(secondary.length);
  for (let at = 0; at < secondary.length; at++) {
    const unit = secondary[at]!;
    const above = lastStartingAtOrBefore(primary, starts, starts[unit]!);
    if (above < 0) continue;
    const holder = primary[above]!;
    if (ends[holder]! >= ends[unit]! && sizeOf(snapshot, holder) > sizeOf(snapshot, unit)) secondaryHeld[at] = 1;
  }
  // One that a primary unit holds need not hold others: what it holds, that unit holds too.
  const rivals = secondary.filter((_, at) => secondaryHeld[at] === 0);
  for (const rival of rivals) {
    const own = spansOf(snapshot, rival);
    const size = sizeOf(snapshot, rival);
    let p = 0;
    let s = 0;
    for (let i = 0; i < own.length; i += 2) {
      const from = own[i]!;
      const to = own[i + 1]!;
      for (p = firstStartingFrom(primary, starts, from, p); p < primary.length && starts[primary[p]!]! < to; p++) {
        const unit = primary[p]!;
        if (ends[unit]! <= to && sizeOf(snapshot, unit) < size) primaryHeld[p] = 1;
      }
      for (
        s = firstStartingFrom(secondary, starts, from, s);
        s < secondary.length && starts[secondary[s]!]! < to;
        s++
      ) {
        if (secondaryHeld[s] === 1 || sizeOf(snapshot, secondary[s]!) >= size) continue;
        if (contains(own, spansOf(snapshot, secondary[s]!))) secondaryHeld[s] = 1;
      }
    }
  }
  return [...primary.filter((_, at) => primaryHeld[at] === 0), ...secondary.filter((_, at) => secondaryHeld[at] === 0)];
}

/** The covering of an index that was tagged along the arrows: every unit inside that has no arrow-ancestor inside. */
export function coveringByArrows(snapshot: Snapshot, spans: Spans, levels?: LevelFilter): number[] {
  const candidates = inside(snapshot, spans, levels);
  const isInside = new Set(candidates);
  const { parents, parentOffsets } = snapshot.sections;
  // Whether a unit, or one above it along the arrows, is inside. Units share their ancestors, so each is asked once.
  const known = new Map<number, boolean>();
  const reaches = (from: number): boolean => {
    const path = [from];
    while (path.length > 0) {
      const unit = path[path.length - 1]!;
      let verdict: boolean | undefined = isInside.has(unit) ? true : known.get(unit);
      for (let i = parentOffsets[unit]!; verdict === undefined && i < parentOffsets[unit + 1]!; i++) {
        const parent = parents[i]!;
        const above = isInside.has(parent) || known.get(parent);
        if (above === true) verdict = true;
        else if (above === undefined) {
          path.push(parent);
          break;
        }
      }
      if (path[path.length - 1] !== unit) continue;
      known.set(unit, verdict ?? false);
      path.pop();
    }
    return known.get(from)!;
  };
  return candidates.filter((unit) => {
    for (let i = parentOffsets[unit]!; i < parentOffsets[unit + 1]!; i++) if (reaches(parents[i]!)) return false;
    return true;
  });
}

/** Every unit whose atoms are all in the set. */
export function inside(snapshot: Snapshot, spans: Spans, levels?: LevelFilter): number[] {
  const { topAt, ends, starts } = snapshot.sections;
  const found: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const end = spans[i + 1]!;
    for (let unit = topAt[spans[i]!]!; unit < snapshot.primaryUnits && starts[unit]! < end; unit++) {
      if (ends[unit]! <= end && isAllowed(snapshot, unit, levels)) found.push(unit);
    }
  }
  for (const unit of secondaryInside(snapshot, spans, levels)) found.push(unit);
  return found;
}

/** Every unit that holds the whole set. Of the empty set: none, for it would be all. */
export function around(snapshot: Snapshot, spans: Spans, levels?: LevelFilter): number[] {
  if (spans.length === 0) return [];
  // Whatever holds the set holds its first atom, so the arrows lead up from that atom to it.
  let atom = snapshot.sections.topAt[spans[0]!]!;
  while (!isAtom(snapshot, atom)) atom++;
  return closure(snapshot, [atom], 'parents').filter(
    (unit) => isAllowed(snapshot, unit, levels) && holds(snapshot, unit, spans),
  );
}

/** Every unit that shares an atom with the set. */
export function touching(snapshot: Snapshot, spans: Spans, levels?: LevelFilter): number[] {
  const { topAt, starts } = snapshot.sections;
  const seeds: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const end = spans[i + 1]!;
    for (let unit = topAt[spans[i]!]!; unit < snapshot.primaryUnits && starts[unit]! < end; unit++) seeds.push(unit);
  }
  return closure(snapshot, seeds, 'parents').filter((unit) => isAllowed(snapshot, unit, levels));
}

/** The units given, and all that the arrows lead to from them. */
export function closure(
  { sections, units }: Snapshot,
  from: readonly number[],
  along: 'parents' | 'children',
): number[] {
  const offsets = along === 'parents' ? sections.parentOffsets : sections.childOffsets;
  const targets = along === 'parents' ? sections.parents : sections.children;
  // One bit a unit: a set of thousands takes longer to fill than all the rest.
  const seen = new Int32Array((units >>> 5) + 1);
  const found: number[] = [];
  const add = (unit: number) => {
    const bit = 1 << (unit & 31);
    if ((seen[unit >>> 5]! & bit) !== 0) return;
    seen[unit >>> 5]! |= bit;
    found.push(unit);
  };
  for (const unit of from) add(unit);
  for (let at = 0; at < found.length; at++) {
    const unit = found[at]!;
    for (let i = offsets[unit]!; i < offsets[unit + 1]!; i++) add(targets[i]!);
  }
  return found;
}

/** The atoms of a unit. Those of a secondary unit are read out of the snapshot once, for typed arrays are slow to cut. */
export function spansOf({ sections, primaryUnits, spansKept }: Snapshot, unit: number): Spans {
  if (unit < primaryUnits) return [sections.starts[unit]!, sections.ends[unit]!];
  const s = unit - primaryUnits;
  const kept = spansKept[s];
  if (kept !== undefined) return kept;
  const spans: number[] = [];
  for (let i = sections.spanOffsets[s]!; i < sections.spanOffsets[s + 1]!; i++) spans.push(sections.spans[i]!);
  spansKept[s] = spans;
  return spans;
}

/** The number of atoms of a unit. */
export function sizeOf({ sections, primaryUnits }: Snapshot, unit: number): number {
  return unit < primaryUnits ? sections.ends[unit]! - sections.starts[unit]! : sections.sizes[unit - primaryUnits]!;
}

/** Whether a unit's atoms are all in the set. */
export function isInside(snapshot: Snapshot, unit: number, spans: Spans): boolean {
  const { starts, ends } = snapshot.sections;
  if (unit < snapshot.primaryUnits) return containsRange(spans, starts[unit]!, ends[unit]!);
  return containsRange(spans, starts[unit]!, starts[unit]! + 1) && contains(spans, spansOf(snapshot, unit));
}

/** Whether a unit holds the whole set. */
export function holds(snapshot: Snapshot, unit: number, spans: Spans): boolean {
  const { starts, ends } = snapshot.sections;
  if (spans[0]! < starts[unit]! || spans[spans.length - 1]! > ends[unit]!) return false;
  return unit < snapshot.primaryUnits || contains(spansOf(snapshot, unit), spans);
}

/** Whether a unit has no children. */
export function isAtom({ sections }: Snapshot, unit: number): boolean {
  return sections.childOffsets[unit] === sections.childOffsets[unit + 1];
}

export function isAllowed({ sections }: Snapshot, unit: number, levels: LevelFilter): boolean {
  return levels === undefined || levels[sections.levels[unit]!] === 1;
}

/** The largest primary units of some levels wholly inside, with those of equal atoms below them, in order of atoms. */
function largestPrimary(snapshot: Snapshot, spans: Spans, levels: LevelFilter): number[] {
  const { topAt, starts, ends } = snapshot.sections;
  const found: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const end = spans[i + 1]!;
    for (let atom = spans[i]!; atom < end; ) {
      let unit = topAt[atom]!;
      while (unit < snapshot.primaryUnits && starts[unit] === atom) {
        if (ends[unit]! <= end && isAllowed(snapshot, unit, levels)) break;
        unit++;
      }
      if (unit >= snapshot.primaryUnits || starts[unit] !== atom) {
        atom++;
        continue;
      }
      const close = ends[unit]!;
      for (; unit < snapshot.primaryUnits && starts[unit] === atom && ends[unit] === close; unit++) {
        if (isAllowed(snapshot, unit, levels)) found.push(unit);
      }
      atom = close;
    }
  }
  return found;
}

/** Secondary units of some levels wholly inside, by their first atom. */
function secondaryInside(snapshot: Snapshot, spans: Spans, levels: LevelFilter): number[] {
  const { secondaryByStart, starts, ends } = snapshot.sections;
  const found: number[] = [];
  let at = 0;
  for (let i = 0; i < spans.length && at < secondaryByStart.length; i += 2) {
    at = firstStartingFrom(secondaryByStart, starts, spans[i]!, at);
    for (; at < secondaryByStart.length && starts[secondaryByStart[at]!]! < spans[i + 1]!; at++) {
      const unit = secondaryByStart[at]!;
      if (!isAllowed(snapshot, unit, levels)) continue;
      // Most lie in one interval with all they have.
      if (ends[unit]! <= spans[i + 1]! || contains(spans, spansOf(snapshot, unit))) found.push(unit);
    }
  }
  return found;
}

/**
 * In a list of units by start: the first that starts at or after an atom, looked for from a place on. It gallops, for
 * the intervals of one unit lie near each other.
 */
function firstStartingFrom(units: ArrayLike<number>, starts: Uint32Array, atom: number, from = 0): number {
  let step = 1;
  let low = from;
  let high = from;
  while (high < units.length && starts[units[high]!]! < atom) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (high > units.length) high = units.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[units[middle]!]! < atom) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In a list of units by start: the first of those that start last at or before an atom, or -1. */
function lastStartingAtOrBefore(units: ArrayLike<number>, starts: Uint32Array, atom: number): number {
  const after = firstStartingFrom(units, starts, atom + 1);
  return after === 0 ? -1 : firstStartingFrom(units, starts, starts[units[after - 1]!]!);
}
