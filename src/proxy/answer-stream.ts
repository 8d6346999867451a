import { performance } from 'node:perf_hooks';
import type { TerritoryError } from '../territory/errors.js';
import { type AnswerFacts, AnswerTap } from './answer-tap.js';
import type { Client } from './client.js';
import type { AnswerHead } from './upstream/answer-head.js';
import type { AnswerReceiver } from './upstream/forward.js';

/** Passes an answer on as it comes, no faster than the client reads it. */
export class AnswerStream implements AnswerReceiver {
  readonly #client: Client;
  readonly #extra: readonly string[];
  readonly #fail: (error: TerritoryError) => void;
  readonly #searches: number | undefined;
  #tap: AnswerTap | undefined;
  #resume: () => void = nothing;
  /** Status of Elasticsearch's answer; 0 before it came. */
  status = 0;
  /** When its head came, on `performance.now`'s clock; 0 before. */
  headAt = 0;
  /** Body bytes passed on. */
  bytes = 0;

  /**
   * @param extra headers that the answer gets beside its own; where there are any, the answer is also looked at
   * @param fail told of a failure; it answers when the head is not out yet
   * @param searches of an `_msearch`: how many searches were sent
   */
  constructor(
    client: Client,
    extra: readonly string[],
    fail: (error: TerritoryError) => void,
    searches: number | undefined,
  ) {
    this.#searches = searches;
    this.#client = client;
    this.#extra = extra;
    this.#fail = fail;
  }

  head(head: AnswerHead, follows: boolean, resume: () => void): void {
    this.headAt = performance.now();
    this.status = head.status;
    this.#resume = resume;
    if (this.#extra.length > 0) {
      this.#tap = AnswerTap.for(head.status, head.contentType, head.contentEncoding, this.#searches);
    }
    this.#client.head(head, this.#extra, follows);
  }

  data(piece: Buffer): boolean {
    this.bytes += piece.length;
    this.#tap?.see(piece);
    return this.#client.piece(piece, this.#resume);
  }

  end(piece: Buffer | undefined): void {
    if (piece !== undefined) {
      this.bytes += piece.length;
      this.#tap?.see(piece);
    }
    this.#client.end(piece);
  }

  failed(error: TerritoryError, midway: boolean): void {
    this.#fail(error);
    // Half an answer must not look like a whole one.
    if (midway) this.#client.cut();
  }

  facts(done: (facts: AnswerFacts) => void): void {
    if (this.#tap === undefined) done({});
    else this.#tap.facts(done);
  }
}

function nothing(): void {}
