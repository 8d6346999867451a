import { fold } from './fold.js';
import { GrowableU32 } from './growable.js';
import { suffixSort } from './suffix-sort.js';

/** What an index is made from. The names themselves are not copied into it: a search reads them from here again. */
export interface SearchTexts {
  /** How many units there are; they are numbered from 0. */
  readonly count: number;
  label(unit: number): string;
  postalCodes(unit: number): readonly string[];
}

/** Places in sorted order: which unit, and how far into its text (a word's offset, or a postal code's ordinal). */
export interface SortedPlaces {
  readonly units: Uint16Array | Uint32Array;
  /** Absent where every place is the beginning. */
  readonly offsets?: Uint8Array;
}

/** Views on the bytes of an index: names, words within names, postal codes, each in the order of their folded text. */
export interface SearchIndex {
  readonly names: SortedPlaces;
  readonly words: SortedPlaces;
  readonly postalCodes: SortedPlaces;
}

/** Names, words, postal codes, bytes a unit. */
const HEADER_WORDS = 4;
const LAST_OFFSET = 255;

/**
 * The bytes of a search index; the same texts give the same bytes. Two or four bytes a name, three or five for every
 * further word and postal code. Words that begin after the 255th letter of a name are left out.
 */
export function buildSearchIndex(texts: SearchTexts): Uint8Array {
  const names = new FoldedTexts();
  const postalCodes = new FoldedTexts();
  const words = new GrowableU32();
  for (let unit = 0; unit < texts.count; unit++) {
    const name = fold(texts.label(unit));
    const begin = names.add(name, unit, 0);
    for (let space = name.indexOf(' '); space >= 0 && space < LAST_OFFSET; space = name.indexOf(' ', space + 1)) {
      words.push(begin + space + 1);
    }
    const codes = texts.postalCodes(unit);
    for (let i = 0; i < codes.length && i <= LAST_OFFSET; i++) postalCodes.add(fold(codes[i]!), unit, i);
  }
  const bytesPerUnit = texts.count <= 0xffff ? 2 : 4;
  const bytes = new Uint8Array(indexLength(names.length, words.length, postalCodes.length, bytesPerUnit));
  new Uint32Array(bytes.buffer, 0, HEADER_WORDS).set([names.length, words.length, postalCodes.length, bytesPerUnit]);
  const index = openSearchIndex(bytes);
  names.sortInto(index.names, names.begins.view().slice());
  names.sortInto(index.words, words.view());
  postalCodes.sortInto(index.postalCodes, postalCodes.begins.view().slice());
  return bytes;
}

/** Views on the bytes that `buildSearchIndex` made; they must begin at a multiple of four. Nothing is read or copied. */
export function openSearchIndex(bytes: Uint8Array): SearchIndex {
  const { buffer, byteOffset } = bytes;
  const header = new Uint32Array(buffer, byteOffset, HEADER_WORDS);
  const [names, words, postalCodes, bytesPerUnit] = [header[0]!, header[1]!, header[2]!, header[3]!];
  const expected = indexLength(names, words, postalCodes, bytesPerUnit);
  if (expected !== bytes.length) throw new RangeError(`a search index of ${expected} bytes has ${bytes.length}`);
  let at = byteOffset + 4 * HEADER_WORDS;
  const units = (length: number) => {
    const view = bytesPerUnit === 2 ? new Uint16Array(buffer, at, length) : new Uint32Array(buffer, at, length);
    at += length * bytesPerUnit;
    return view;
  };
  const offsets = (length: number) => {
    const view = new Uint8Array(buffer, at, length);
    at += length;
    return view;
  };
  const nameUnits = units(names);
  const wordUnits = units(words);
  const postalUnits = units(postalCodes);
  return {
    names: { units: nameUnits },
    words: { units: wordUnits, offsets: offsets(words) },
    postalCodes: { units: postalUnits, offsets: offsets(postalCodes) },
  };
}

function indexLength(names: number, words: number, postalCodes: number, bytesPerUnit: number): number {
  return 4 * HEADER_WORDS + (names + words + postalCodes) * bytesPerUnit + words + postalCodes;
}

/** Folded texts one after another, and which unit each is of. */
class FoldedTexts {
  private text = new Uint16Array(1024);
  private used = 0;
  readonly begins = new GrowableU32();
  private readonly units = new GrowableU32();
  private readonly ordinals = new GrowableU32();

  get length(): number {
    return this.begins.length;
  }

  /** Where the text begins now. An empty one takes no part. */
  add(text: string, unit: number, ordinal: number): number {
    const begin = this.used;
    if (text === '') return begin;
    this.begins.push(begin);
    this.units.push(unit);
    this.ordinals.push(ordinal);
    if (begin + text.length + 1 > this.text.length) {
      const longer = new Uint16Array(2 * (this.text.length + text.length));
      longer.set(this.text);
      this.text = longer;
    }
    for (let i = 0; i < text.length; i++) this.text[begin + i] = text.charCodeAt(i);
    this.used += text.length + 1;
    return begin;
  }

  /** Sorts positions in the texts (in place) and writes down what stands there. */
  sortInto(places: SortedPlaces, positions: Uint32Array): void {
    suffixSort(this.text, positions);
    for (let i = 0; i < positions.length; i++) {
      const number = this.textAt(positions[i]!);
      places.units[i] = this.units.at(number);
      if (places.offsets) places.offsets[i] = this.ordinals.at(number) + positions[i]! - this.begins.at(number);
    }
  }

  /** The number of the text that a position lies in. */
  private textAt(position: number): number {
    let low = 0;
    let high = this.begins.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.begins.at(middle) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
