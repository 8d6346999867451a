/**
 * The second half of a build: units in depth-first order of the primary partition, so that a primary unit is a
 * contiguous interval of atoms; secondary units as interval lists. Everything that is wrong is noted before anything
 * that relies on it is built.
 */
import { type Arrows, degree, reverse, targetsOf } from './arrows.js';
import { choosePartitions } from './choose-partitions.js';
import { type BuildFault, TerritoryTooLargeError } from './errors.js';
import { sortByBytes } from './growable.js';
import { findRings } from './rings.js';
import { MAX_ATOMS, SpanCollector, type Spans } from './spans.js';
import type { Partition } from './unit.js';
import type { UnitColumns } from './unit-columns.js';

/** The level of a unit is kept in 16 bits. */
const MAX_LEVELS = 2 ** 16;

/** The map, by index: primary units in depth-first order, then secondary ones by partition and code. */
export interface Structure {
  readonly partitions: readonly Partition[];
  /** The row of each unit. */
  readonly rows: Uint32Array;
  /** All units in code order. */
  readonly byCode: Uint32Array;
  readonly primaryUnits: number;
  readonly atoms: number;
  /** Level of each unit, as an index in the levels of all partitions, one after the other. */
  readonly levels: Uint16Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly topAt: Uint32Array;
  readonly secondarySpans: readonly Spans[];
  readonly parents: Arrows;
  readonly children: Arrows;
}

/** Works the map out of the columns, or notes its faults and returns `undefined`. */
export function buildStructure(
  columns: UnitColumns,
  given: readonly Partition[] | undefined,
  faults: BuildFault[],
): Structure | undefined {
  if (columns.levelNames.length > MAX_LEVELS) {
    const named = columns.levelNames.length;
    throw new TerritoryTooLargeError(`a tree holds at most ${MAX_LEVELS} levels; the codes here name ${named}`);
  }
  const levels = { names: columns.levelNames, ofRow: Uint16Array.from(columns.levels.view()) };
  const parents = parentsOfRows(columns, faults);
  const cycles = noteCycles(parents, columns, faults);
  const partitions = choosePartitions(columns, levels, parents, cycles, given, faults);
  if (columns.rowCount === 0 && faults.length === 0) {
    faults.push({ fault: 'malformed_unit', code: '', line: undefined, message: 'there are no units' });
  }
  if (partitions === undefined) return undefined;
  const partitionOfLevel = levels.names.map((name) => partitions.findIndex((p) => p.levels.includes(name)));
  const partitionOf = Int32Array.from(levels.ofRow, (level) => partitionOfLevel[level]!);
  const primaryParent = primaryParents(columns, parents, partitionOf, faults);
  const children = reverse(parents, columns.rowCount);
  for (let row = 0; row < columns.rowCount; row++) {
    if (partitionOf[row]! > 0 && degree(children, row) === 0) {
      const code = columns.codeOfRow(row);
      const message = `${code} has no children, so it is an atom outside the primary partition "${partitions[0]!.name}"`;
      faults.push({ fault: 'outside_primary_partition', code, line: columns.lineOfRow(row), message });
    }
  }
  if (faults.length > 0) return undefined;
  return new Layout(columns, partitions, levels, partitionOf, primaryParent, parents, children).finish(faults);
}

/** The last step, where nothing is wrong any more but, perhaps, the nesting. */
class Layout {
  readonly #codeOrder: Uint32Array;
  /** Index of the unit in each row. */
  readonly #indexOf: Uint32Array;
  readonly #rows: Uint32Array;
  #placed = 0;
  #atoms = 0;

  constructor(
    readonly columns: UnitColumns,
    readonly partitions: readonly Partition[],
    readonly levelNames: { names: string[]; ofRow: Uint16Array },
    readonly partitionOf: Int32Array,
    readonly primaryParent: Int32Array,
    readonly parents: Arrows,
    readonly children: Arrows,
  ) {
    const n = columns.rowCount;
    this.#indexOf = new Uint32Array(n);
    this.#rows = new Uint32Array(n);
    const byId = sortByBytes(columns.codes.texts.bytes(), columns.codes.texts.ends());
    this.#codeOrder = byId.map((id) => columns.rowOf(id));
  }

  finish(faults: BuildFault[]): Structure | undefined {
    const n = this.columns.rowCount;
    const starts = new Uint32Array(n);
    const ends = new Uint32Array(n);
    this.#placePrimary(starts, ends);
    const primaryUnits = this.#placed;
    if (this.#atoms > MAX_ATOMS)
      throw new TerritoryTooLargeError(`a tree holds at most ${MAX_ATOMS} atoms; here are ${this.#atoms}`);
    this.#placeSecondary();
    // Turned round, arrows come in ascending order; turned round twice, the parents too.
    const children = reverse(this.#byIndex(this.parents), n);
    const parents = reverse(children, n);
    const secondarySpans = this.#secondarySpans(primaryUnits, starts, ends, parents, children);
    this.#checkNesting(primaryUnits, starts, ends, parents, children, faults);
    if (faults.length > 0) return undefined;

    const topAt = new Uint32Array(this.#atoms);
    for (let u = primaryUnits - 1; u >= 0; u--) topAt[starts[u]!] = u;
    const numberOfLevel = new Map(this.partitions.flatMap((p) => p.levels).map((name, i) => [name, i]));
    const numbers = this.levelNames.names.map((name) => numberOfLevel.get(name)!);
    const levels = Uint16Array.from(this.#rows, (row) => numbers[this.levelNames.ofRow[row]!]!);
    const { partitions } = this;
    const rows = this.#rows;
    return {
      ...{ partitions, rows, primaryUnits, atoms: this.#atoms, levels, starts, ends, topAt },
      ...{ secondarySpans, parents, children, byCode: this.#codeOrder.map((row) => this.#indexOf[row]!) },
    };
  }

  /** Depth first, children in code order; a unit without children is the next atom. */
  #placePrimary(starts: Uint32Array, ends: Uint32Array): void {
    const n = this.columns.rowCount;
    // Primary children of each row, and the roots under n, in code order because they are filled in in that order.
    const offsets = new Uint32Array(n + 2);
    const parentOrRoot = (row: number) => (this.primaryParent[row]! < 0 ? n : this.primaryParent[row]!);
    for (let row = 0; row < n; row++) if (this.partitionOf[row] === 0) offsets[parentOrRoot(row) + 1]!++;
    for (let i = 0; i <= n; i++) offsets[i + 1]! += offsets[i]!;
    const next = offsets.slice(0, n + 1);
    const kin = new Uint32Array(offsets[n + 1]!);
    for (const row of this.#codeOrder) if (this.partitionOf[row] === 0) kin[next[parentOrRoot(row)]!++] = row;

    const open: number[] = [n];
    const cursor: number[] = [offsets[n]!];
    while (open.length > 0) {
      const parent = open[open.length - 1]!;
      const at = cursor[cursor.length - 1]!;
      if (at === offsets[parent + 1]!) {
        if (parent !== n) ends[this.#indexOf[parent]!] = this.#atoms;
        open.pop();
        cursor.pop();
        continue;
      }
      cursor[cursor.length - 1] = at + 1;
      const row = kin[at]!;
      const index = this.#place(row);
      starts[index] = this.#atoms;
      if (degree(this.children, row) === 0) this.#atoms++;
      open.push(row);
      cursor.push(offsets[row]!);
    }
  }

  #placeSecondary(): void {
    for (let partition = 1; partition < this.partitions.length; partition++) {
      for (const row of this.#codeOrder) if (this.partitionOf[row] === partition) this.#place(row);
    }
  }

  #place(row: number): number {
    const index = this.#placed++;
    this.#indexOf[row] = index;
    this.#rows[index] = row;
    return index;
  }

  /** Arrows between rows as arrows between indexes, in the order of rows. */
  #byIndex(arrows: Arrows): Arrows {
    const n = this.columns.rowCount;
    const offsets = new Uint32Array(n + 1);
    for (let u = 0; u < n; u++) offsets[u + 1] = offsets[u]! + degree(arrows, this.#rows[u]!);
    const targets = new Uint32Array(arrows.targets.length);
    for (let u = 0; u < n; u++) {
      const row = this.#rows[u]!;
      let at = offsets[u]!;
      for (let i = arrows.offsets[row]!; i < arrows.offsets[row + 1]!; i++) {
        targets[at++] = this.#indexOf[arrows.targets[i]!]!;
      }
    }
    return { offsets, targets };
  }

  /** The atoms of each secondary unit: those of its children, lowest units first. */
  #secondarySpans(
    primaryUnits: number,
    starts: Uint32Array,
    ends: Uint32Array,
    parents: Arrows,
    children: Arrows,
  ): Spans[] {
    const n = this.columns.rowCount;
    const spans: Spans[] = new Array(n - primaryUnits);
    const waiting = new Uint32Array(n);
    const ready: number[] = [];
    for (let u = primaryUnits; u < n; u++) {
      for (const child of targetsOf(children, u)) if (child >= primaryUnits) waiting[u]!++;
      if (waiting[u] === 0) ready.push(u);
    }
    while (ready.length > 0) {
      const u = ready.pop()!;
      const collector = new SpanCollector(this.#atoms);
      for (const child of targetsOf(children, u)) {
        if (child < primaryUnits) collector.add(starts[child]!, ends[child]!);
        else collector.addAll(spans[child - primaryUnits]!);
      }
      const own = collector.finish();
      spans[u - primaryUnits] = own;
      starts[u] = own[0]!;
      ends[u] = own[own.length - 1]!;
      for (const parent of targetsOf(parents, u))
        if (parent >= primaryUnits && --waiting[parent]! === 0) ready.push(parent);
    }
    return spans;
  }

  /** A secondary unit with a parent in the primary partition must lie in that parent, or the partition would be none. */
  #checkNesting(
    primaryUnits: number,
    starts: Uint32Array,
    ends: Uint32Array,
    parents: Arrows,
    children: Arrows,
    faults: BuildFault[],
  ): void {
    for (let u = primaryUnits; u < this.columns.rowCount; u++) {
      for (const parent of targetsOf(parents, u)) {
        if (parent >= primaryUnits || (starts[u]! >= starts[parent]! && ends[u]! <= ends[parent]!)) continue;
        const [code, above] = [u, parent].map((i) => this.columns.codeOfRow(this.#rows[i]!)) as [string, string];
        const line = this.columns.lineOfRow(this.#rows[u]!);
        const hollow = targetsOf(children, parent).every((child) => child >= primaryUnits);
        const message = hollow
          ? `${above} has no child in the primary partition, so it can't hold ${code}`
          : `${code} has the primary parent ${above}, but some of its atoms lie outside it`;
        faults.push({ fault: 'not_nested', code, line, message });
      }
    }
  }
}

/** The arrows that the columns hold, row to row; unknown parents are faults. */
function parentsOfRows(columns: UnitColumns, faults: BuildFault[]): Arrows {
  const n = columns.rowCount;
  const offsets = new Uint32Array(n + 1);
  const targets = new Uint32Array(columns.arrowRows.length);
  let at = 0;
  // The arrows of a row lie together, in the order of rows.
  for (let row = 0, i = 0; row < n; row++) {
    const first = at;
    for (; i < columns.arrowRows.length && columns.arrowRows.at(i) === row; i++) {
      const id = columns.arrowParents.at(i);
      const parent = columns.rowOf(id);
      if (parent < 0) {
        const code = columns.codeOfRow(row);
        const message = `${code} has the parent ${columns.codes.textOf(id)}, which no unit is`;
        faults.push({ fault: 'unknown_parent', code, line: columns.lineOfRow(row), message });
      } else if (!holds(targets, first, at, parent)) {
        targets[at++] = parent;
      }
    }
    offsets[row + 1] = at;
  }
  return { offsets, targets: targets.slice(0, at) };
}

/** Notes cycles with their paths, so that each unit on one is named; returns whether there are any. */
function noteCycles(parents: Arrows, columns: UnitColumns, faults: BuildFault[]): boolean {
  const rings = findRings(parents);
  for (const ring of rings) {
    const codes = ring.map((row) => columns.codeOfRow(row));
    const message = `a cycle of parents: ${codes.join(' → ')}`;
    faults.push({ fault: 'cycle', code: codes[0]!, line: columns.lineOfRow(ring[0]!), message });
  }
  return rings.length > 0;
}

/** The parent of each primary row in the primary partition, or -1. Two of them are a fault. */
function primaryParents(
  columns: UnitColumns,
  parents: Arrows,
  partitionOf: Int32Array,
  faults: BuildFault[],
): Int32Array {
  const found = new Int32Array(columns.rowCount).fill(-1);
  for (let row = 0; row < columns.rowCount; row++) {
    if (partitionOf[row] !== 0) continue;
    for (let i = parents.offsets[row]!; i < parents.offsets[row + 1]!; i++) {
      const parent = parents.targets[i]!;
      if (partitionOf[parent] !== 0) continue;
      if (found[row] === -1) {
        found[row] = parent;
        continue;
      }
      const code = columns.codeOfRow(row);
      const named = [...targetsOf(parents, row).filter((one) => partitionOf[one] === 0)];
      const message = `${code} has two parents in the primary partition: ${named.map((one) => columns.codeOfRow(one)).join(' and ')}`;
      faults.push({ fault: 'two_primary_parents', code, line: columns.lineOfRow(row), message });
      break;
    }
  }
  return found;
}

function holds(list: Uint32Array, from: number, to: number, value: number): boolean {
  for (let i = from; i < to; i++) if (list[i] === value) return true;
  return false;
}
