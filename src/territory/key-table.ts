/**
 * Code bytes to key: a perfect hash, and beside each place the first 16 bytes of its key, so that a lookup touches one
 * byte and one cell, and a stranger is a miss. Takes a string, or a range of a buffer without making a string.
 */
import { buildPerfectHash, INVERSE_2_32, mix, type PerfectHashParts, PILOT_HASH, shapeFor } from './perfect-hash.js';

/** The longest key, in bytes. */
export const MAX_KEY_BYTES = 255;

const CELL_WORDS = 4;
const CELL_BYTES = 16;
const MAX_SEEDS = 64;

/** The parts of the table as they lie in the snapshot. */
export interface KeyTableParts extends PerfectHashParts {
  readonly seed: number;
  /** First 16 bytes of the key at each place, padded with zeros: four words a place. */
  readonly cells: Int32Array;
  /** The key at each place. */
  readonly keys: Uint32Array;
  /** Where key k begins in `text`: `offsets[k]`, with one more at the end. */
  readonly offsets: Uint32Array;
  /** All keys, one after the other, in ASCII. */
  readonly text: Uint8Array;
}

export class KeyTable {
  readonly #seed: number;
  readonly #count: number;
  readonly #parts: number;
  readonly #bucketsAPart: number;
  readonly #slotsAPart: number;
  readonly #pilots: Uint8Array;
  readonly #remap: Uint32Array;
  readonly #cells: Int32Array;
  readonly #keys: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #text: Uint8Array;

  constructor(parts: KeyTableParts) {
    this.#seed = parts.seed;
    this.#count = parts.keys.length;
    const shape = shapeFor(this.#count);
    this.#parts = shape.parts;
    this.#bucketsAPart = shape.bucketsAPart;
    this.#slotsAPart = shape.slotsAPart;
    this.#pilots = parts.pilots;
    this.#remap = parts.remap;
    this.#cells = parts.cells;
    this.#keys = parts.keys;
    this.#offsets = parts.offsets;
    this.#text = parts.text;
  }

  /**
   * Builds the table for the keys that lie in `text` between `offsets`. Keys are distinct, ASCII, without NUL, not
   * empty and at most 255 bytes long.
   */
  static build(offsets: Uint32Array, text: Uint8Array): KeyTableParts {
    const n = offsets.length - 1;
    const h1 = new Int32Array(n);
    const h2 = new Int32Array(n);
    for (let seed = 1; seed <= MAX_SEEDS; seed++) {
      for (let k = 0; k < n; k++) {
        const start = offsets[k]!;
        const end = offsets[k + 1]!;
        const base = hashTail(text, start, end, seed);
        const w0 = packBytes(text, start, end);
        const w1 = packBytes(text, start + 4, end);
        const w2 = packBytes(text, start + 8, end);
        const w3 = packBytes(text, start + 12, end);
        h1[k] = firstHash(w0, w1, w2, w3, base);
        h2[k] = secondHash(w0, w1, w2, w3, base);
      }
      const hash = buildPerfectHash(h1, h2);
      if (hash === undefined) continue;
      const parts = { ...hash, seed, cells: new Int32Array(n * CELL_WORDS), keys: new Uint32Array(n), offsets, text };
      const table = new KeyTable(parts);
      for (let k = 0; k < n; k++) {
        const place = table.#place(h1[k]!, h2[k]!);
        parts.keys[place] = k;
        for (let w = 0; w < CELL_WORDS; w++) {
          parts.cells[place * CELL_WORDS + w] = packBytes(text, offsets[k]! + w * 4, offsets[k + 1]!);
        }
      }
      return parts;
    }
    throw new Error(`no perfect hash found for ${n} keys with ${MAX_SEEDS} seeds; are they distinct?`);
  }

  /** The key with this text, or -1. */
  ofString(text: string): number {
    const end = text.length;
    if (end > CELL_BYTES) return this.#ofLongString(text);
    const w0 = packString(text, 0, end);
    const w1 = packString(text, 4, end);
    const w2 = packString(text, 8, end);
    const w3 = packString(text, 12, end);
    if (end === 0 || this.#count === 0) return -1;
    const place = this.#placeOf(w0, w1, w2, w3, this.#seed);
    if (!this.#holds(place, w0, w1, w2, w3)) return -1;
    const key = this.#keys[place]!;
    return end < CELL_BYTES || this.#lengthOf(key) === end ? key : -1;
  }

  /** The key whose text is the bytes from `start` to `end` (exclusive), or -1. */
  ofBytes(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > MAX_KEY_BYTES || length <= 0 || bytes[end - 1] === 0 || this.#count === 0) return -1;
    const w0 = packBytes(bytes, start, end);
    const w1 = packBytes(bytes, start + 4, end);
    const w2 = packBytes(bytes, start + 8, end);
    const w3 = packBytes(bytes, start + 12, end);
    const base = length > CELL_BYTES ? hashTail(bytes, start, end, this.#seed) : this.#seed;
    const place = this.#placeOf(w0, w1, w2, w3, base);
    if (!this.#holds(place, w0, w1, w2, w3)) return -1;
    const key = this.#keys[place]!;
    if (length < CELL_BYTES) return key;
    if (this.#lengthOf(key) !== length) return -1;
    const at = this.#offsets[key]!;
    for (let i = CELL_BYTES; i < length; i++) if (this.#text[at + i] !== bytes[start + i]) return -1;
    return key;
  }

  #ofLongString(text: string): number {
    if (text.length > MAX_KEY_BYTES) return -1;
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char > 0x7f) return -1;
      bytes[i] = char;
    }
    return this.ofBytes(bytes, 0, bytes.length);
  }

  #placeOf(w0: number, w1: number, w2: number, w3: number, base: number): number {
    return this.#place(firstHash(w0, w1, w2, w3, base), secondHash(w0, w1, w2, w3, base));
  }

  /** See perfect-hash.ts. */
  #place(h1: number, h2: number): number {
    const at = (h1 >>> 0) * INVERSE_2_32 * this.#parts;
    const part = at | 0;
    const pilot = this.#pilots[(at * this.#bucketsAPart) | 0]!;
    const own = ((mix(h2 ^ PILOT_HASH[pilot]!) >>> 0) * INVERSE_2_32 * this.#slotsAPart) | 0;
    const slot = part * this.#slotsAPart + own;
    return slot < this.#count ? slot : this.#remap[slot - this.#count]!;
  }

  #holds(place: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const cells = this.#cells;
    const at = place * CELL_WORDS;
    return cells[at] === w0 && cells[at + 1] === w1 && cells[at + 2] === w2 && cells[at + 3] === w3;
  }

  #lengthOf(key: number): number {
    return this.#offsets[key + 1]! - this.#offsets[key]!;
  }
}

/** A word that no key has in its cell: keys are ASCII. */
const NO_WORD = -1;

/**
 * Up to four characters from `at` (none beyond `end`) as a word, little end first; `NO_WORD` where one is not ASCII,
 * or the last is NUL, with which a key would look like a shorter one in its padded cell.
 */
function packString(text: string, at: number, end: number): number {
  if (at + 4 <= end) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    return (a | b | c | d) > 0x7f || d === 0 ? NO_WORD : a | (b << 8) | (c << 16) | (d << 24);
  }
  let word = 0;
  for (let i = at, shift = 0; i < end; i++, shift += 8) {
    const char = text.charCodeAt(i);
    if (char > 0x7f || char === 0) return NO_WORD;
    word |= char << shift;
  }
  return word;
}

/** Up to four bytes from `at` (none beyond `end`) as a word, little end first. */
function packBytes(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  let word = 0;
  for (let i = at, shift = 0; i < end; i++, shift += 8) word |= bytes[i]! << shift;
  return word;
}

/** The seed, mixed with what lies beyond the first 16 bytes; of a short key the seed itself. */
function hashTail(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let h = seed;
  for (let i = start + CELL_BYTES; i < end; i += 4) h = mix(h ^ packBytes(bytes, i, end)) + 1;
  return h;
}

// Two hashes of four words, in the manner of MurmurHash3: multiply, fold the high bits down, go on. Each step is a
// bijection of the word, and the two chains meet the words in opposite order.

function firstHash(w0: number, w1: number, w2: number, w3: number, base: number): number {
  let h = Math.imul(base ^ w0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ w1, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 13) ^ w2, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16) ^ w3, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x165667b1);
  return h ^ (h >>> 16);
}

function secondHash(w0: number, w1: number, w2: number, w3: number, base: number): number {
  let h = Math.imul(base + w3, 0xcc9e2d51);
  h = Math.imul(h ^ (h >>> 16) ^ w2, 0x1b873593);
  h = Math.imul(h ^ (h >>> 14) ^ w1, 0xe6546b65);
  h = Math.imul(h ^ (h >>> 15) ^ w0, 0x85ebca6b);
  return h ^ (h >>> 15);
}
