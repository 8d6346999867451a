/**
 * Sets of atoms as sorted lists of disjoint, non-touching intervals: `[start, end, start, end, …]`, ends exclusive.
 * The lists are unique, so equal sets are equal lists. Every operation is one merge, in O(intervals).
 */

export type Spans = readonly number[];

export const NO_SPANS: Spans = [];

export function union(a: Spans, b: Spans): Spans {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  let start = -1;
  let end = -1;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const s = fromA ? a[i]! : b[j]!;
    const e = fromA ? a[i + 1]! : b[j + 1]!;
    if (fromA) i += 2;
    else j += 2;
    if (s <= end) {
      if (e > end) end = e;
    } else {
      if (end >= 0) out.push(start, end);
      start = s;
      end = e;
    }
  }
  out.push(start, end);
  return out;
}

export function intersection(a: Spans, b: Spans): Spans {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const start = Math.max(a[i]!, b[j]!);
    const end = Math.min(a[i + 1]!, b[j + 1]!);
    if (start < end) out.push(start, end);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

export function difference(a: Spans, b: Spans): Spans {
  if (b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i]!;
    const end = a[i + 1]!;
    while (j < b.length && b[j + 1]! <= start) j += 2;
    let k = j;
    while (k < b.length && b[k]! < end) {
      if (b[k]! > start) out.push(start, b[k]!);
      start = b[k + 1]!;
      k += 2;
    }
    if (start < end) out.push(start, end);
    // The last interval of b may reach into the next one of a.
    if (k > j) j = k - 2;
  }
  return out;
}

/** Whether all of `inner` lies in `outer`. A few intervals are looked up among many in O(few × log many). */
export function contains(outer: Spans, inner: Spans): boolean {
  let j = 0;
  for (let i = 0; i < inner.length; i += 2) {
    j = firstEndingAfter(outer, inner[i]!, j);
    if (j >= outer.length || outer[j]! > inner[i]! || outer[j + 1]! < inner[i + 1]!) return false;
  }
  return true;
}

/** Whether all of `[start, end)` lies in `outer`: one interval must hold it. O(log intervals). */
export function containsRange(outer: Spans, start: number, end: number): boolean {
  const at = firstEndingAfter(outer, start);
  return at < outer.length && outer[at]! <= start && outer[at + 1]! >= end;
}

/** Whether no atom is in both; as fast as `contains`. */
export function disjoint(a: Spans, b: Spans): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1]! <= b[j]!) i = firstEndingAfter(a, b[j]!, i);
    else if (b[j + 1]! <= a[i]!) j = firstEndingAfter(b, a[i]!, j);
    else return false;
  }
  return true;
}

export function equal(a: Spans, b: Spans): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The number of atoms. */
export function size(spans: Spans): number {
  let atoms = 0;
  for (let i = 0; i < spans.length; i += 2) atoms += spans[i + 1]! - spans[i]!;
  return atoms;
}

/**
 * The even index, at or after `from`, of the first interval that ends after `atom`; `spans.length` where none does. It
 * gallops, for what is looked for in a row lies near.
 */
export function firstEndingAfter(spans: Spans, atom: number, from = 0): number {
  const count = spans.length >>> 1;
  let low = from >>> 1;
  let high = low;
  for (let step = 1; high < count && spans[high * 2 + 1]! <= atom; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > count) high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle * 2 + 1]! <= atom) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/**
 * Collects intervals in any order and brings them into the form above: by sorting while they are few against the
 * world, from then on in a bitmap of its atoms, in O(intervals + atoms / 32).
 */
export class SpanCollector {
  readonly #atomCount: number;
  readonly #most: number;
  #pairs: number[] = [];
  #bitmap: Int32Array | undefined;

  /** `expected`: at least how many intervals will come, where that is known. */
  constructor(atomCount: number, expected = 0) {
    this.#atomCount = atomCount;
    // Sorting one interval costs about as much as looking through sixteen words of the bitmap.
    this.#most = Math.max(16, atomCount >>> 9);
    if (expected * 2 >= this.#most) this.#bitmap = this.#emptyBitmap();
  }

  add(start: number, end: number): void {
    if (this.#bitmap !== undefined) {
      fill(this.#bitmap, start, end);
      return;
    }
    this.#pairs.push(start, end);
    if (this.#pairs.length < this.#most) return;
    this.#bitmap = this.#emptyBitmap();
    for (let i = 0; i < this.#pairs.length; i += 2) fill(this.#bitmap, this.#pairs[i]!, this.#pairs[i + 1]!);
  }

  addAll(spans: Spans): void {
    for (let i = 0; i < spans.length; i += 2) this.add(spans[i]!, spans[i + 1]!);
  }

  finish(): Spans {
    if (this.#bitmap !== undefined) return runsOf(this.#bitmap);
    return this.#pairs.length <= 2 ? this.#pairs : sorted(this.#pairs);
  }

  /** One bit beyond the atoms stays clear, and ends the last run. */
  #emptyBitmap(): Int32Array {
    return new Int32Array((this.#atomCount >>> 5) + 1);
  }
}

/** Room for the end beside the start in one double, exactly: worlds of up to 2^26 atoms. */
export const MAX_ATOMS = 2 ** 26;

function sorted(pairs: readonly number[]): Spans {
  const keys = new Float64Array(pairs.length >>> 1);
  for (let i = 0; i < keys.length; i++) keys[i] = pairs[i * 2]! * MAX_ATOMS + (pairs[i * 2 + 1]! - 1);
  keys.sort();
  const out: number[] = [];
  let start = -1;
  let end = -1;
  for (let i = 0; i < keys.length; i++) {
    const s = Math.floor(keys[i]! / MAX_ATOMS);
    const e = keys[i]! - s * MAX_ATOMS + 1;
    if (s <= end) {
      if (e > end) end = e;
    } else {
      if (end >= 0) out.push(start, end);
      start = s;
      end = e;
    }
  }
  out.push(start, end);
  return out;
}

/** The runs of set bits. */
function runsOf(words: Int32Array): Spans {
  const out: number[] = [];
  let start = -1;
  for (let w = 0; w < words.length; w++) {
    const word = words[w]!;
    if (word === (start < 0 ? 0 : -1)) continue;
    // Walk the runs of this word: look for the next set bit while outside a run, for the next clear one inside.
    let bit = 0;
    while (bit < 32) {
      const looked = (start < 0 ? word : ~word) >>> bit;
      if (looked === 0) break;
      bit += 31 - Math.clz32(looked & -looked);
      if (start < 0) {
        start = w * 32 + bit;
      } else {
        out.push(start, w * 32 + bit);
        start = -1;
      }
    }
  }
  return out;
}

/** Sets the bits from `start` to `end` (exclusive). */
function fill(words: Int32Array, start: number, end: number): void {
  const first = start >>> 5;
  if (end - start === 1) {
    words[first]! |= 1 << (start & 31);
    return;
  }
  const last = (end - 1) >>> 5;
  const head = -1 << (start & 31);
  const tail = -1 >>> (31 - ((end - 1) & 31));
  if (first === last) {
    words[first]! |= head & tail;
    return;
  }
  words[first]! |= head;
  words.fill(-1, first + 1, last);
  words[last]! |= tail;
}
