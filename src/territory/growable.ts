/** Columns that grow while a build reads its units, for which no one knows how many come. */

export class GrowableU32 {
  #values = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** The values so far; a view that the next `push` may leave behind. */
  view(): Uint32Array {
    return this.#values.subarray(0, this.length);
  }
}

/** Many texts in one run of UTF-8 bytes. */
export class GrowableText {
  #bytes = new Uint8Array(8192);
  #length = 0;
  readonly #ends = new GrowableU32();
  readonly #encoder = new TextEncoder();

  get count(): number {
    return this.#ends.length;
  }

  push(text: string): void {
    // UTF-8 takes at most three bytes for each UTF-16 unit.
    while (this.#length + text.length * 3 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    let at = this.#length;
    let ascii = true;
    // Most texts are ASCII, and short: writing them here spares a call out of JavaScript each.
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char > 0x7f) {
        ascii = false;
        break;
      }
      this.#bytes[at++] = char;
    }
    if (!ascii) at = this.#length + this.#encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.#length = at;
    this.#ends.push(at);
  }

  startOf(index: number): number {
    return index === 0 ? 0 : this.#ends.at(index - 1);
  }

  endOf(index: number): number {
    return this.#ends.at(index);
  }

  /** Whether the text at `index` is this ASCII text. */
  is(index: number, text: string): boolean {
    const start = this.startOf(index);
    if (this.endOf(index) - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  ends(): Uint32Array {
    return this.#ends.view();
  }

  /** The texts in another order, as offsets (one more than texts) and bytes. */
  reordered(order: Uint32Array): { offsets: Uint32Array; text: Uint8Array } {
    const ends = this.#ends.view();
    const offsets = new Uint32Array(order.length + 1);
    let length = 0;
    for (let i = 0; i < order.length; i++) {
      const index = order[i]!;
      length += ends[index]! - (index === 0 ? 0 : ends[index - 1]!);
      offsets[i + 1] = length;
    }
    const text = new Uint8Array(length);
    for (let i = 0; i < order.length; i++) {
      const index = order[i]!;
      const start = index === 0 ? 0 : ends[index - 1]!;
      const end = ends[index]!;
      let at = offsets[i]!;
      for (let j = start; j < end; j++) text[at++] = this.#bytes[j]!;
    }
    return { offsets, text };
  }
}

/** Numbers distinct ASCII texts from 0 in the order in which they first come. */
export class Interner {
  readonly texts = new GrowableText();
  #slots = new Uint32Array(4096);
  readonly #hashes = new GrowableU32();

  get count(): number {
    return this.texts.count;
  }

  /** The number of a text; a new one where it has none. */
  intern(text: string): number {
    const at = this.#slotOf(text);
    if (this.#slots[at] !== 0) return this.#slots[at]! - 1;
    this.#slots[at] = this.count + 1;
    this.texts.push(text);
    this.#hashes.push(hashOf(text));
    if (this.count * 2 > this.#slots.length) this.#grow();
    return this.count - 1;
  }

  /** The number of a text, or -1. */
  find(text: string): number {
    return this.#slots[this.#slotOf(text)]! - 1;
  }

  /** The slot that holds a text, or the empty one where it belongs. */
  #slotOf(text: string): number {
    const hash = hashOf(text);
    const mask = this.#slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const held = this.#slots[at]!;
      if (held === 0 || (this.#hashes.at(held - 1) === hash && this.texts.is(held - 1, text))) return at;
    }
  }

  textOf(id: number): string {
    const bytes = this.texts.bytes();
    const end = this.texts.endOf(id);
    let text = '';
    for (let i = this.texts.startOf(id); i < end; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const hashes = this.#hashes.view();
    for (let id = 0; id < this.count; id++) {
      let at = hashes[id]! & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = id + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Below this number of texts, comparing them costs less than counting 65,536 digits. */
const FEW = 512;

/** The order of texts by bytes: a radix sort on their first 16 bytes, two at a time, then by comparing the rest. */
export function sortByBytes(bytes: Uint8Array, ends: Uint32Array): Uint32Array {
  const n = ends.length;
  let order = Uint32Array.from({ length: n }, (_, i) => i);
  const compare = (a: number, b: number) => comparePrefix(bytes, ends, a, b, Number.POSITIVE_INFINITY);
  if (n < FEW) return order.sort(compare);
  let other = new Uint32Array(n);
  const counts = new Uint32Array(65537);
  const digitAt = (index: number, at: number): number => {
    const start = (index === 0 ? 0 : ends[index - 1]!) + at;
    const end = ends[index]!;
    return start >= end ? 0 : (bytes[start]! << 8) | (start + 1 < end ? bytes[start + 1]! : 0);
  };
  for (let at = 14; at >= 0; at -= 2) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[digitAt(i, at) + 1]!++;
    if (counts[digitAt(0, at) + 1] === n) continue;
    for (let d = 0; d < 65536; d++) counts[d + 1]! += counts[d]!;
    for (let i = 0; i < n; i++) other[counts[digitAt(order[i]!, at)]!++] = order[i]!;
    [order, other] = [other, order];
  }
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && comparePrefix(bytes, ends, order[i]!, order[j]!, 16) === 0) j++;
    if (j - i > 1) order.subarray(i, j).sort(compare);
    i = j;
  }
  return order;
}

function comparePrefix(bytes: Uint8Array, ends: Uint32Array, a: number, b: number, most: number): number {
  let i = a === 0 ? 0 : ends[a - 1]!;
  let j = b === 0 ? 0 : ends[b - 1]!;
  const endA = Math.min(ends[a]!, i + most);
  const endB = Math.min(ends[b]!, j + most);
  for (; i < endA && j < endB; i++, j++) if (bytes[i] !== bytes[j]) return bytes[i]! - bytes[j]!;
  return endA - i - (endB - j);
}
