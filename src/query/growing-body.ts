import { checkLength } from './splice.js';

/** A body that is put together piece by piece, and refused at the first expansion with which it is longer than it may be. */
export class GrowingBody {
  readonly #limit: number;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  /** @param limit most bytes, where anything was expanded */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds what stays as it came. */
  keep(...pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#length += piece.length;
    }
  }

  /** Adds what was expanded. @throws TerritoryTooLargeError */
  expand(piece: Buffer): void {
    this.keep(piece);
    checkLength(this.#length, this.#limit);
  }

  /** All of it in one. @throws TerritoryTooLargeError */
  whole(): Buffer {
    checkLength(this.#length, this.#limit);
    return Buffer.concat(this.#pieces, this.#length);
  }
}
