/** A piece costs a few hundred bytes beside its own, and may keep the 64 kB alive that it was read with: shorter ones are copied. */
const SHORT = 16 * 1024;

/** First and longest buffer that short ones are copied to, in bytes. */
const FIRST = 1024;
const LONGEST = 64 * 1024;

/** A body that is read whole, in about as much memory as it has bytes, however small its pieces. */
export class GatheredBody {
  readonly #pieces: Buffer[] = [];
  /** Where short pieces go, one behind the other. */
  #room = EMPTY;
  /** What of it is filled but not yet among the pieces: from, to. */
  #from = 0;
  #to = 0;
  length = 0;

  /** @param piece must stay as it is */
  add(piece: Buffer): void {
    // Most bodies are one piece, or a few long ones.
    if (piece.length >= SHORT || this.length === 0) {
      this.#close();
      this.#pieces.push(piece);
    } else this.#copy(piece);
    this.length += piece.length;
  }

  /** All of it in one. Nothing is added after it. */
  whole(): Buffer {
    this.#close();
    const [first = EMPTY] = this.#pieces;
    return this.#pieces.length <= 1 ? first : Buffer.concat(this.#pieces, this.length);
  }

  #copy(piece: Buffer): void {
    if (this.#to + piece.length > this.#room.length) {
      this.#close();
      // As long as all that came before: half of the memory at most is empty.
      const length = Math.min(LONGEST, Math.max(FIRST, this.length));
      this.#room = Buffer.allocUnsafeSlow(Math.max(length, piece.length));
      this.#from = 0;
      this.#to = 0;
    }
    piece.copy(this.#room, this.#to);
    this.#to += piece.length;
  }

  /** Makes a piece of what was copied. */
  #close(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#room.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}

const EMPTY = Buffer.alloc(0);
