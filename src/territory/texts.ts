/** Texts that lie in a snapshot one after the other, with offsets. */

/** ASCII texts. The whole run becomes one string at first use, of which each text is a slice. */
export class AsciiTexts {
  readonly #offsets: Uint32Array;
  readonly #bytes: Uint8Array;
  #whole: string | undefined;

  constructor(offsets: Uint32Array, bytes: Uint8Array) {
    this.#offsets = offsets;
    this.#bytes = bytes;
  }

  at(index: number): string {
    if (this.#bytes.length > LONGEST_WHOLE)
      return decode(this.#bytes, this.#offsets[index]!, this.#offsets[index + 1]!);
    this.#whole ??= decode(this.#bytes, 0, this.#bytes.length);
    return this.#whole.substring(this.#offsets[index]!, this.#offsets[index + 1]!);
  }
}

/** UTF-8 texts, each decoded when it is asked for. */
export class Utf8Texts {
  readonly #offsets: Uint32Array;
  readonly #bytes: Uint8Array;

  constructor(offsets: Uint32Array, bytes: Uint8Array) {
    this.#offsets = offsets;
    this.#bytes = bytes;
  }

  at(index: number): string {
    return decode(this.#bytes, this.#offsets[index]!, this.#offsets[index + 1]!);
  }
}

/** The postal codes of a unit, which the snapshot holds as one text. */
export function splitPostalCodes(joined: string): string[] {
  return joined === '' ? [] : joined.split('|');
}

/** A string of this many characters is far below V8's limit of 2^29. */
const LONGEST_WHOLE = 2 ** 28;

/** A label that begins with a byte-order mark keeps it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 (and so ASCII) to a string. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
