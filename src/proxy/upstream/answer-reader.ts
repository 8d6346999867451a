import { type AnswerHead, MalformedAnswer } from './answer-head.js';
import type { AnswerHeads } from './answer-heads.js';
import { ChunkedBody } from './chunked-body.js';

const CR = 0x0d;
const LF = 0x0a;

/** Longest head of an answer, in bytes. */
const LONGEST_HEAD = 256 * 1024;

/** Body bytes that may come in the same read as the end of a head. */
const SLACK = 64 * 1024;

/** Who gets the answer. Pieces are views on the bytes read: they are good during the call only. */
export interface AnswerParts {
  /** @param follows whether the body, or its beginning, comes in the same turn */
  head(head: AnswerHead, follows: boolean): void;
  data(piece: Buffer): void;
  /**
   * @param piece the last one, where it came with the end
   * @param clean false where more bytes came than belong to the answer: the connection can't be used again
   */
  end(piece: Buffer | undefined, clean: boolean): void;
}

/**
 * Reads the answers of one connection, one after the other, from bytes as they come. An answer is as long as RFC 9112,
 * 6.3 says; `begin` announces each request, and bytes that nobody asked for are an error.
 */
export class AnswerReader {
  readonly #heads: AnswerHeads;
  readonly #parts: AnswerParts;
  #state: 'idle' | 'head' | 'length' | 'chunked' | 'close' = 'idle';
  #bodiless = false;
  /** Body bytes that are still to come. */
  #left = 0;
  #chunks: ChunkedBody | undefined;
  /** A head that has not come whole: so many bytes of this buffer. */
  #partial: Buffer | undefined;
  #partialLength = 0;

  constructor(heads: AnswerHeads, parts: AnswerParts) {
    this.#heads = heads;
    this.#parts = parts;
  }

  /** Whether an answer is awaited or on its way. */
  get busy(): boolean {
    return this.#state !== 'idle';
  }

  /** @param bodiless whether the request was HEAD */
  begin(bodiless: boolean): void {
    this.#state = 'head';
    this.#bodiless = bodiless;
  }

  /**
   * Reads what came.
   * @throws MalformedAnswer: the connection can't be used any more
   */
  read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'length') at = this.#readLength(bytes, at);
      else if (this.#state === 'head') at = this.#readHead(bytes, at);
      else if (this.#state === 'chunked') at = this.#readChunks(bytes, at);
      else if (this.#state === 'close') {
        this.#parts.data(at === 0 ? bytes : bytes.subarray(at));
        return;
      } else throw new MalformedAnswer('bytes that nobody asked for');
    }
  }

  /**
   * The other side has sent its last byte.
   * @returns whether no answer was cut off by it
   */
  finish(): boolean {
    if (this.#state !== 'close') return this.#state === 'idle';
    this.#end(undefined, true);
    return true;
  }

  #readHead(bytes: Buffer, from: number): number {
    if (this.#partialLength > 0) return this.#readSplitHead(bytes, from);
    const end = blankLine(bytes, from);
    if (end < 0) {
      this.#keep(bytes, from);
      return bytes.length;
    }
    this.#begun(this.#heads.of(bytes.toString('latin1', from, end)), end + 4 < bytes.length);
    return end + 4;
  }

  /** @returns where the head ends among the new bytes */
  #readSplitHead(bytes: Buffer, from: number): number {
    const before = this.#partialLength;
    this.#keep(bytes, from);
    const partial = this.#partial!.subarray(0, this.#partialLength);
    const end = blankLine(partial, Math.max(0, before - 3));
    if (end < 0) return bytes.length;
    this.#partial = undefined;
    this.#partialLength = 0;
    this.#begun(this.#heads.of(partial.toString('latin1', 0, end)), end + 4 < partial.length);
    return from + end + 4 - before;
  }

  /** Copies what came: the bytes read are overwritten by the next read. */
  #keep(bytes: Buffer, from: number): void {
    const length = this.#partialLength + bytes.length - from;
    if (length > LONGEST_HEAD + SLACK) throw new MalformedAnswer('the head of the answer is too long');
    if (this.#partial === undefined || this.#partial.length < length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * length));
      this.#partial?.copy(larger, 0, 0, this.#partialLength);
      this.#partial = larger;
    }
    bytes.copy(this.#partial, this.#partialLength, from);
    this.#partialLength = length;
    if (length >= 7 && this.#partial.toString('latin1', 0, 7) !== 'HTTP/1.') throw new MalformedAnswer('no HTTP/1.1');
  }

  #begun(head: AnswerHead, follows: boolean): void {
    if (head.status < 200) {
      if (head.status === 101) throw new MalformedAnswer('another protocol, for which nobody asked');
      return;
    }
    if (this.#bodiless || head.status === 204 || head.status === 304 || head.length === 0) {
      this.#parts.head(head, true);
      this.#end(undefined, !follows);
    } else if (head.length > 0) {
      this.#state = 'length';
      this.#left = head.length;
      this.#parts.head(head, follows);
    } else {
      this.#state = head.chunked ? 'chunked' : 'close';
      if (head.chunked) this.#chunks = new ChunkedBody();
      this.#parts.head(head, follows);
    }
  }

  #readLength(bytes: Buffer, from: number): number {
    const end = from + this.#left;
    if (bytes.length < end) {
      this.#left = end - bytes.length;
      this.#parts.data(from === 0 ? bytes : bytes.subarray(from));
      return bytes.length;
    }
    this.#left = 0;
    this.#end(bytes.subarray(from, end), end === bytes.length);
    return end;
  }

  #readChunks(bytes: Buffer, from: number): number {
    const chunks = this.#chunks!;
    const at = chunks.read(bytes, from, (piece) => this.#parts.data(piece));
    if (chunks.done) this.#end(undefined, at === bytes.length);
    return at;
  }

  #end(piece: Buffer | undefined, clean: boolean): void {
    this.#state = 'idle';
    this.#chunks = undefined;
    this.#parts.end(piece, clean);
  }
}

/** Where a blank line begins, with the end of the line before it; -1 for nowhere. */
function blankLine(bytes: Buffer, from: number): number {
  // Its last byte is looked for, in strides as long as it is: what is no part of it is stepped over.
  for (let at = from + 3; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === LF) {
      if (bytes[at - 1] === CR && bytes[at - 2] === LF && bytes[at - 3] === CR) return at - 3;
      at += 2;
    } else at += byte === CR ? 1 : 4;
  }
  return -1;
}
