import { type AnswerHead, parseAnswerHead } from './answer-head.js';

/** Longer heads are not kept. */
const LONGEST = 1024;

/** How many are kept, in each of two generations. */
const MOST = 256;

/**
 * Parsed heads of answers, kept by all their bytes: Elasticsearch sends few different ones, but for lengths and the
 * `X-Opaque-Id` that it echoes. Bounded by two generations: when the young one is full it becomes the old one.
 */
export class AnswerHeads {
  #young = new Map<string, AnswerHead>();
  #old = new Map<string, AnswerHead>();

  /**
   * @param text the bytes up to the blank line, without it, as Latin-1
   * @throws MalformedAnswer
   */
  of(text: string): AnswerHead {
    const known = this.#young.get(text);
    if (known !== undefined) return known;
    const head = this.#old.get(text) ?? parseAnswerHead(text);
    if (text.length > LONGEST) return head;
    if (this.#young.size === MOST) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, head);
    return head;
  }

  /** How many heads are kept. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
