import { MalformedAnswer } from './answer-head.js';

/** Longest line of a chunk's size with its extensions, and of all trailers, in bytes. */
const LONGEST_LINE = 1024;
const LONGEST_TRAILERS = 16 * 1024;

const CR = 0x0d;
const LF = 0x0a;

/**
 * Takes a chunked body apart (RFC 9112, 7.1), strictly: sizes are hexadecimal digits, every line ends with CR LF.
 * Extensions and trailers are read over.
 */
export class ChunkedBody {
  /** What comes next. */
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size';
  /** Data bytes of this chunk that are still to come. */
  #left = 0;
  /** A line that has not come whole. */
  #line = '';
  #trailers = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  /**
   * Reads on.
   * @param data gets each piece, a view on `bytes`
   * @returns how many bytes were used: all, or those up to the end of the body
   * @throws MalformedAnswer
   */
  read(bytes: Buffer, from: number, data: (piece: Buffer) => void): number {
    let at = from;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        this.#left -= end - at;
        if (this.#left === 0) this.#state = 'data-end';
        data(bytes.subarray(at, end));
        at = end;
      } else {
        at = this.#readLine(bytes, at);
      }
    }
    return at;
  }

  #readLine(bytes: Buffer, from: number): number {
    const lf = bytes.indexOf(LF, from);
    const end = lf < 0 ? bytes.length : lf + 1;
    if (this.#line.length + end - from > LONGEST_LINE) throw new MalformedAnswer('a line between chunks is too long');
    const line = this.#line + bytes.toString('latin1', from, end);
    if (lf < 0) {
      this.#line = line;
      return end;
    }
    this.#line = '';
    if (line.charCodeAt(line.length - 2) !== CR) throw new MalformedAnswer('a line between chunks ends without CR LF');
    this.#take(line.slice(0, -2));
    return end;
  }

  #take(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '') throw new MalformedAnswer('a chunk is longer than its size says');
      this.#state = 'size';
    } else if (this.#state === 'trailers') {
      this.#trailers += line.length;
      if (this.#trailers > LONGEST_TRAILERS) throw new MalformedAnswer('the trailers are too long');
      if (line !== '' && !TRAILER.test(line)) throw new MalformedAnswer('a trailer is no header');
      if (line === '') this.#state = 'done';
    } else {
      const size = SIZE.exec(line);
      if (size === null) throw new MalformedAnswer('not the size of a chunk');
      this.#left = Number.parseInt(size[1]!, 16);
      this.#state = this.#left === 0 ? 'trailers' : 'data';
    }
  }
}

const SIZE = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;
