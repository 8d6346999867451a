const BACKSLASH = 0x5c;
const WRAPPER = Buffer.from('wrapper');

/**
 * Where a body may mention the shorthand: at the bytes of its name, at a backslash, behind which they may be hidden, and at
 * `wrapper`, whose text is in base64. Asked for offsets that grow, it searches each byte at most once for each of these.
 */
export class Mentions {
  #name = -1;
  #escape = -1;
  #wrapper = -1;

  constructor(
    readonly buffer: Buffer,
    readonly shorthand: Buffer,
  ) {}

  /** The first one from an offset on, or the end. */
  after(offset: number): number {
    const { buffer } = this;
    if (this.#name < offset) this.#name = orEnd(buffer, buffer.indexOf(this.shorthand, offset));
    if (this.#escape < offset) this.#escape = orEnd(buffer, buffer.indexOf(BACKSLASH, offset));
    if (this.#wrapper < offset) this.#wrapper = orEnd(buffer, buffer.indexOf(WRAPPER, offset));
    return Math.min(this.#name, this.#escape, this.#wrapper);
  }
}

function orEnd(buffer: Buffer, found: number): number {
  return found < 0 ? buffer.length : found;
}
