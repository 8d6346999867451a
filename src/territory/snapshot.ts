/**
 * The snapshot: one buffer that is the memory layout of a tree. A header of 16 words, a table of sections, then the
 * sections, each at a multiple of 16 bytes. Reading it makes views and parses nothing.
 *
 *     word 0-1   magic "TERRTREE"
 *     word 2     byte-order mark 0x01020304
 *     word 3     format version
 *     word 4     checksum: xxHash32 of everything after this word
 *     word 5-6   length in bytes, low and high
 *     word 7     number of sections
 *     word 8-9   version: MurmurHash3 of the sections
 *     word 10-15 counts: units, primary units, atoms, keys, seed of the perfect hash, 0
 *     then for each section two words: offset in units of 16 bytes, length in elements
 */
import { murmur64hex, xxh32 } from './checksum.js';
import { TreeCacheCorrupt, TreeCacheForeign, TreeCacheIncompatible } from './errors.js';

/** Raised when the layout changes; a file of another format is refused. */
export const FORMAT = 1;

const MAGIC = [0x52524554, 0x45455254] as const;
const MAGIC_SWAPPED = [0x54455252, 0x54524545] as const;
const BYTE_ORDER = 0x01020304;
const BYTE_ORDER_SWAPPED = 0x04030201;
const HEADER_WORDS = 16;
const ALIGN = 16;

/** The sections in file order, with the type of their elements. `n` units, `a` atoms, `k` keys (units, then former codes). */
const SECTIONS = {
  /** Partitions, as JSON in UTF-8. */
  meta: Uint8Array,
  /** Level of each unit: its index in `tree.levels`. */
  levels: Uint16Array,
  /** First atom of each unit, and one beyond its last. A primary unit is all that lies between. */
  starts: Uint32Array,
  ends: Uint32Array,
  /** The highest primary unit that begins at each atom. */
  topAt: Uint32Array,
  /** Secondary unit s (index n₁ + s): its intervals are `spans[spanOffsets[s] … spanOffsets[s + 1]]`. */
  spanOffsets: Uint32Array,
  spans: Uint32Array,
  /** Number of atoms of each secondary unit. */
  sizes: Uint32Array,
  /** Secondary units by their first atom. */
  secondaryByStart: Uint32Array,
  parentOffsets: Uint32Array,
  parents: Uint32Array,
  childOffsets: Uint32Array,
  children: Uint32Array,
  /** Place of each key in code order, and the key at each place. */
  ranks: Uint32Array,
  byRank: Uint32Array,
  codeOffsets: Uint32Array,
  codeText: Uint8Array,
  labelOffsets: Uint32Array,
  labelText: Uint8Array,
  /** People, NaN where unknown. */
  inhabitants: Float64Array,
  /** Postal codes of each unit, joined by `|`. */
  postalOffsets: Uint32Array,
  postalText: Uint8Array,
  /** Former codes (as keys) of each unit. */
  formerOffsets: Uint32Array,
  formers: Uint32Array,
  /** Units that took over former code f (key n + f). */
  successorOffsets: Uint32Array,
  successors: Uint32Array,
  /** Former codes (as keys) with several successors. */
  splits: Uint32Array,
  /** Names in sorted order; see search-index.ts. */
  search: Uint8Array,
  /** The perfect hash; see key-table.ts. */
  pilots: Uint8Array,
  remap: Uint32Array,
  cells: Int32Array,
  keys: Uint32Array,
} as const;

/** A view of the type that a constructor makes, on memory of any kind, shared or not. */
type ViewOf<C> = C extends Uint8ArrayConstructor
  ? Uint8Array
  : C extends Uint16ArrayConstructor
    ? Uint16Array
    : C extends Uint32ArrayConstructor
      ? Uint32Array
      : C extends Int32ArrayConstructor
        ? Int32Array
        : Float64Array;

export type Sections = { readonly [Name in keyof typeof SECTIONS]: ViewOf<(typeof SECTIONS)[Name]> };

/** The numbers of the header that a tree needs. */
export interface Counts {
  readonly units: number;
  readonly primaryUnits: number;
  readonly atoms: number;
  readonly keys: number;
  readonly seed: number;
}

export interface Snapshot extends Counts {
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** 16 hex digits: a hash of the content. */
  readonly version: string;
  readonly sections: Sections;
  /** The intervals of secondary units that were asked for so far; see `spansOf`. */
  readonly spansKept: (readonly number[] | undefined)[];
}

/** Lays the sections out in one new buffer and seals it. */
export function writeSnapshot(counts: Counts, sections: Sections): Snapshot {
  const names = Object.keys(SECTIONS) as (keyof Sections)[];
  const tableBytes = roundUp((HEADER_WORDS + names.length * 2) * 4);
  let length = tableBytes;
  for (const name of names) length += roundUp(sections[name].byteLength);

  const buffer = new ArrayBuffer(length);
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer, 0, tableBytes / 4);
  words.set([MAGIC[0], MAGIC[1], BYTE_ORDER, FORMAT, 0, length >>> 0, Math.floor(length / 2 ** 32), names.length]);
  words.set([counts.units, counts.primaryUnits, counts.atoms, counts.keys, counts.seed], 10);
  let at = tableBytes;
  names.forEach((name, i) => {
    const section = sections[name];
    words[HEADER_WORDS + i * 2] = at / ALIGN;
    words[HEADER_WORDS + i * 2 + 1] = section.length;
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at);
    at += roundUp(section.byteLength);
  });
  const version = murmur64hex(bytes.subarray(tableBytes));
  words[8] = Number.parseInt(version.slice(0, 8), 16);
  words[9] = Number.parseInt(version.slice(8), 16);
  words[4] = xxh32(bytes.subarray(20));
  return readSnapshot(buffer);
}

/**
 * Views on a snapshot that lies in a buffer. Errors: `TreeCacheForeign` (no snapshot), `TreeCacheIncompatible` (other
 * format or byte order), `TreeCacheCorrupt` (cut, torn or altered).
 */
export function readSnapshot(input: ArrayBufferLike | Uint8Array): Snapshot {
  const bytes = aligned(input);
  if (bytes.length < 16) {
    throw new TreeCacheCorrupt(`a snapshot begins with ${HEADER_WORDS * 4} bytes of header; here are ${bytes.length}`);
  }
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
  if (head[0] === MAGIC_SWAPPED[0] && head[1] === MAGIC_SWAPPED[1]) throw otherByteOrder();
  if (head[0] !== MAGIC[0] || head[1] !== MAGIC[1]) {
    const seen = String.fromCharCode(...bytes.subarray(0, 8)).replace(/[^ -~]/g, '.');
    throw new TreeCacheForeign(`not a snapshot of a tree: it begins with "${seen}", not with "TERRTREE"`);
  }
  if (head[2] === BYTE_ORDER_SWAPPED) throw otherByteOrder();
  if (head[2] !== BYTE_ORDER)
    throw new TreeCacheCorrupt('the byte-order mark of the snapshot is damaged; build it anew');
  if (head[3] !== FORMAT) {
    throw new TreeCacheIncompatible(
      `the snapshot has format ${head[3]}, this program reads format ${FORMAT}; build it anew with "territory-proxy tree build"`,
    );
  }
  if (bytes.length < HEADER_WORDS * 4 || bytes.length % ALIGN !== 0) throw cut(bytes.length);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  const length = words[5]! + words[6]! * 2 ** 32;
  if (length !== bytes.length) throw cut(bytes.length, length);
  const checksum = xxh32(bytes.subarray(20));
  if (checksum !== words[4]) {
    const [stored, found] = [words[4]!, checksum].map((sum) => sum.toString(16).padStart(8, '0'));
    throw new TreeCacheCorrupt(
      `the snapshot is damaged: its checksum is ${found}, it should be ${stored}; build it anew`,
    );
  }
  return {
    bytes,
    version: [words[8]!, words[9]!].map((word) => word.toString(16).padStart(8, '0')).join(''),
    units: words[10]!,
    primaryUnits: words[11]!,
    atoms: words[12]!,
    keys: words[13]!,
    seed: words[14]!,
    sections: viewSections(bytes, words),
    spansKept: [],
  };
}

function viewSections(bytes: Uint8Array, words: Uint32Array): Sections {
  const names = Object.keys(SECTIONS) as (keyof Sections)[];
  if (words[7] !== names.length)
    throw new TreeCacheCorrupt(`the snapshot has ${words[7]} sections, not ${names.length}`);
  const views = names.map((name, i) => {
    const Type = SECTIONS[name];
    const offset = words[HEADER_WORDS + i * 2]! * ALIGN;
    const elements = words[HEADER_WORDS + i * 2 + 1]!;
    if (offset + elements * Type.BYTES_PER_ELEMENT > bytes.length) {
      throw new TreeCacheCorrupt(`section "${name}" of the snapshot reaches beyond its end`);
    }
    return [name, new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, elements)];
  });
  return Object.fromEntries(views) as Sections;
}

/** The bytes at a place in memory that all views can stand on: as they are, or copied where they begin at an odd one. */
function aligned(input: ArrayBufferLike | Uint8Array): Uint8Array {
  const bytes = input instanceof Uint8Array ? input : new Uint8Array(input);
  // Not `slice`: that of a Node buffer is a view on the same odd place.
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}

function cut(seen: number, expected?: number): TreeCacheCorrupt {
  const should = expected === undefined ? '' : `, it should have ${expected}`;
  return new TreeCacheCorrupt(`the snapshot is cut or padded: it has ${seen} bytes${should}; build it anew`);
}

function otherByteOrder(): TreeCacheIncompatible {
  return new TreeCacheIncompatible(
    'the snapshot was written on a machine of the other byte order; build it anew on this kind of machine',
  );
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGN) * ALIGN;
}
