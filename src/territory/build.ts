/** From units to a snapshot. Everything that is wrong with the units is in one `TreeBuildError`; nothing is half-built. */
import { compress, reverse } from './arrows.js';
import { type BuildFault, TreeBuildError } from './errors.js';
import { type FormerCodes, resolveFormerCodes, type Succession } from './former-codes.js';
import { GrowableText, sortByBytes } from './growable.js';
import { KeyTable } from './key-table.js';
import { buildSearchIndex } from './search-index.js';
import { type Snapshot, writeSnapshot } from './snapshot.js';
import { type Spans, size } from './spans.js';
import { buildStructure, type Structure } from './structure.js';
import { splitPostalCodes, Utf8Texts } from './texts.js';
import type { Partition, UnitInput } from './unit.js';
import { UnitColumns } from './unit-columns.js';

export interface BuildOptions {
  /**
   * The partitions, the primary one first, each with its levels from the lowest to the highest. May be left out where
   * no unit has two parents: then there is one, its levels in order of depth.
   */
  readonly partitions?: readonly Partition[] | undefined;
  /** Former codes that no unit lists: what became of each. Chains are followed. */
  readonly successions?: Iterable<Succession> | undefined;
  /**
   * What else units are called, for the search alone: `['Grand Lyon', 'EPCI:200046977']`. Names of units that are not
   * there are left out, so that one list serves every year. They are looked through one by one: hundreds, not thousands.
   */
  readonly names?: Iterable<readonly [name: string, code: string]> | undefined;
  /** Called now and then with the number of units read so far, and at the end. */
  readonly onProgress?: ((units: number) => void) | undefined;
}

const PROGRESS_EVERY = 8192;

export function buildSnapshot(items: Iterable<UnitInput | BuildFault>, options: BuildOptions): Snapshot {
  const columns = new UnitColumns();
  let read = 0;
  for (const item of items) {
    columns.add(item);
    if (++read % PROGRESS_EVERY === 0) options.onProgress?.(read);
  }
  return finish(columns, read, options);
}

export async function buildSnapshotAsync(
  items: AsyncIterable<UnitInput | BuildFault>,
  options: BuildOptions,
): Promise<Snapshot> {
  const columns = new UnitColumns();
  let read = 0;
  for await (const item of items) {
    columns.add(item);
    if (++read % PROGRESS_EVERY === 0) options.onProgress?.(read);
  }
  return finish(columns, read, options);
}

function finish(columns: UnitColumns, read: number, options: BuildOptions): Snapshot {
  options.onProgress?.(read);
  const faults = [...columns.faults];
  const formers = resolveFormerCodes(columns, options.successions ?? [], faults);
  const structure = buildStructure(columns, options.partitions, faults);
  if (structure === undefined || faults.length > 0) {
    throw new TreeBuildError(faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  }
  return assemble(columns, structure, formers, [...(options.names ?? [])]);
}

function assemble(
  columns: UnitColumns,
  structure: Structure,
  formers: FormerCodes,
  names: readonly (readonly [name: string, code: string])[],
): Snapshot {
  const n = structure.rows.length;
  const { rows, secondarySpans } = structure;
  const indexOfRow = new Uint32Array(n);
  for (let u = 0; u < n; u++) indexOfRow[rows[u]!] = u;

  // Former codes in code order become the keys from n on.
  const formerOrder = sortByBytes(columns.formerCodes.texts.bytes(), columns.formerCodes.texts.ends());
  const successors = compress(
    Array.from(formerOrder, (number) =>
      formers.successors[number]!.map((row) => indexOfRow[row]!).sort((a, b) => a - b),
    ),
  );
  const formersOf = reverse(successors, n);
  const splits: number[] = [];
  formerOrder.forEach((_, f) => {
    if (successors.offsets[f + 1]! - successors.offsets[f]! > 1) splits.push(n + f);
  });

  const unitCodes = columns.codes.texts.reordered(rows.map((row) => columns.ids.at(row)));
  const formerTexts = columns.formerCodes.texts.reordered(formerOrder);
  const codeOffsets = new Uint32Array(n + formerOrder.length + 1);
  codeOffsets.set(unitCodes.offsets);
  for (let f = 0; f <= formerOrder.length; f++) codeOffsets[n + f] = unitCodes.text.length + formerTexts.offsets[f]!;
  const codeText = new Uint8Array(unitCodes.text.length + formerTexts.text.length);
  codeText.set(unitCodes.text);
  codeText.set(formerTexts.text, unitCodes.text.length);
  const table = KeyTable.build(codeOffsets, codeText);
  const byRank = mergeByCode(structure.byCode, n, codeOffsets, codeText);
  const ranks = new Uint32Array(byRank.length);
  for (let rank = 0; rank < byRank.length; rank++) ranks[byRank[rank]!] = rank;

  const labels = columns.labels.reordered(rows);
  const postal = columns.postal.reordered(rows);
  const labelTexts = new Utf8Texts(labels.offsets, labels.text);
  const postalTexts = new Utf8Texts(postal.offsets, postal.text);
  const search = buildSearchIndex({
    count: n,
    label: (unit) => labelTexts.at(unit),
    postalCodes: (unit) => splitPostalCodes(postalTexts.at(unit)),
  });
  const spans = compress(secondarySpans);
  const meta = new GrowableText();
  const lookup = new KeyTable(table);
  const known = names.filter(([, code]) => {
    const key = lookup.ofString(code);
    return key >= 0 && key < n;
  });
  meta.push(
    JSON.stringify({
      partitions: structure.partitions.map(({ name, levels }) => ({ name, levels })),
      ...(known.length === 0 ? {} : { names: known }),
    }),
  );
  return writeSnapshot(
    {
      units: n,
      primaryUnits: structure.primaryUnits,
      atoms: structure.atoms,
      keys: byRank.length,
      seed: table.seed,
    },
    {
      meta: meta.bytes(),
      levels: structure.levels,
      starts: structure.starts,
      ends: structure.ends,
      topAt: structure.topAt,
      spanOffsets: spans.offsets,
      spans: spans.targets,
      sizes: Uint32Array.from(secondarySpans, size),
      secondaryByStart: byStart(structure),
      parentOffsets: structure.parents.offsets,
      parents: structure.parents.targets,
      childOffsets: structure.children.offsets,
      children: structure.children.targets,
      ranks,
      byRank,
      codeOffsets,
      codeText,
      labelOffsets: labels.offsets,
      labelText: labels.text,
      inhabitants: inhabitantsAbove(columns, structure, secondarySpans),
      postalOffsets: postal.offsets,
      postalText: postal.text,
      formerOffsets: formersOf.offsets,
      formers: formersOf.targets.map((f) => n + f),
      successorOffsets: successors.offsets,
      successors: successors.targets,
      splits: Uint32Array.from(splits),
      search,
      pilots: table.pilots,
      remap: table.remap,
      cells: table.cells,
      keys: table.keys,
    },
  );
}

/** People of the atoms as given; of a unit above them the sum of the known ones, by one running sum over the atoms. */
function inhabitantsAbove(columns: UnitColumns, structure: Structure, secondarySpans: readonly Spans[]): Float64Array {
  const given = columns.inhabitants();
  const { rows, starts, ends, atoms, primaryUnits } = structure;
  const people = new Float64Array(atoms + 1);
  const known = new Uint32Array(atoms + 1);
  const isAtom = (u: number) => structure.children.offsets[u] === structure.children.offsets[u + 1];
  for (let u = 0; u < primaryUnits; u++) {
    if (!isAtom(u)) continue;
    const own = given[rows[u]!]!;
    people[starts[u]! + 1] = Number.isNaN(own) ? 0 : own;
    known[starts[u]! + 1] = Number.isNaN(own) ? 0 : 1;
  }
  for (let a = 0; a < atoms; a++) {
    people[a + 1]! += people[a]!;
    known[a + 1]! += known[a]!;
  }
  return Float64Array.from(rows, (row, u) => {
    if (isAtom(u)) return given[row]!;
    const spans = u < primaryUnits ? [starts[u]!, ends[u]!] : secondarySpans[u - primaryUnits]!;
    let sum = 0;
    let counted = 0;
    for (let i = 0; i < spans.length; i += 2) {
      sum += people[spans[i + 1]!]! - people[spans[i]!]!;
      counted += known[spans[i + 1]!]! - known[spans[i]!]!;
    }
    return counted === 0 ? Number.NaN : sum;
  });
}

function byStart({ rows, primaryUnits, starts }: Structure): Uint32Array {
  const order = Uint32Array.from({ length: rows.length - primaryUnits }, (_, s) => primaryUnits + s);
  return order.sort((a, b) => starts[a]! - starts[b]! || a - b);
}

/** All keys in code order: the units, which are, and the former codes from n on, which lie so. */
function mergeByCode(units: Uint32Array, n: number, offsets: Uint32Array, text: Uint8Array): Uint32Array {
  const keys = offsets.length - 1;
  const merged = new Uint32Array(keys);
  let former = n;
  let at = 0;
  for (const unit of units) {
    while (former < keys && compareTexts(text, offsets, former, unit) < 0) merged[at++] = former++;
    merged[at++] = unit;
  }
  while (former < keys) merged[at++] = former++;
  return merged;
}

function compareTexts(text: Uint8Array, offsets: Uint32Array, a: number, b: number): number {
  let i = offsets[a]!;
  let j = offsets[b]!;
  for (; i < offsets[a + 1]! && j < offsets[b + 1]!; i++, j++) if (text[i] !== text[j]) return text[i]! - text[j]!;
  return offsets[a + 1]! - i - (offsets[b + 1]! - j);
}
