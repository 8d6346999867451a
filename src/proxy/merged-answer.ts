import { performance } from 'node:perf_hooks';
import type { Outcome } from '../query/types.js';
import { TerritoryError } from '../territory/errors.js';
import { type AnswerFacts, factsOfSearches } from './answer-tap.js';
import type { Client } from './client.js';
import { TerritoryUpstreamError } from './errors.js';
import { headerLines } from './headers.js';
import type { ProxyServices } from './services.js';
import type { AnswerHead } from './upstream/answer-head.js';
import type { AnswerReceiver } from './upstream/forward.js';

type Rewritten = Extract<Outcome, { kind: 'rewritten' }>;

/** Whether searches of an `_msearch` were refused, so that its answer must be completed. */
export function isMerged({ refused }: Rewritten): boolean {
  return refused !== undefined && refused.length > 0;
}

/** Takes in the whole answer of an `_msearch` and puts the errors of the searches that were refused in their places. */
export class MergedAnswer implements AnswerReceiver {
  readonly #client: Client;
  readonly #extra: readonly string[];
  readonly #outcome: Rewritten;
  readonly #merge: ProxyServices['mergeMsearch'];
  readonly #hold: (bytes: number) => void;
  readonly #fail: (error: TerritoryError) => void;
  readonly #chunks: Buffer[] = [];
  #head: AnswerHead | undefined;
  #whole: Buffer | undefined;
  status = 0;
  headAt = 0;
  bytes = 0;

  /**
   * @param merge puts the errors in their places
   * @param hold told how many bytes more are kept in memory; throws where there is no room for them
   * @param fail told of a failure; it answers, and nothing more comes here
   */
  constructor(
    client: Client,
    extra: readonly string[],
    outcome: Rewritten,
    merge: ProxyServices['mergeMsearch'],
    hold: (bytes: number) => void,
    fail: (error: TerritoryError) => void,
  ) {
    this.#client = client;
    this.#extra = extra;
    this.#outcome = outcome;
    this.#merge = merge;
    this.#hold = hold;
    this.#fail = fail;
  }

  head(head: AnswerHead): void {
    this.headAt = performance.now();
    this.status = head.status;
    this.#head = head;
  }

  data(piece: Buffer): boolean {
    this.#keep(piece);
    return true;
  }

  end(piece: Buffer | undefined): void {
    if (piece !== undefined && !this.#keep(piece)) return;
    let body: Buffer = Buffer.concat(this.#chunks, this.bytes);
    this.#whole = body;
    if (this.status === 200) {
      const merged = this.#merged(body);
      if (merged === undefined) return;
      body = merged;
    }
    this.bytes = body.length;
    const { status, reason, headers: came } = this.#head!;
    const headers: string[] = [];
    for (let i = 0; i < came.length; i += 2) {
      if (came[i]!.toLowerCase() !== 'content-length') headers.push(came[i]!, came[i + 1]!);
    }
    headers.push('content-length', String(body.length), ...this.#extra);
    this.#client.head({ status, reason, headers, lines: headerLines(headers), length: body.length }, [], true);
    this.#client.end(body);
  }

  failed(error: TerritoryError): void {
    this.bytes = 0;
    this.#chunks.length = 0;
    this.#fail(error);
  }

  /** @returns false where there is no room for it, which is the end */
  #keep(piece: Buffer): boolean {
    try {
      this.#hold(piece.length);
    } catch (error) {
      this.failed(error as TerritoryError);
      return false;
    }
    this.bytes += piece.length;
    this.#chunks.push(Buffer.from(piece));
    return true;
  }

  /** @returns `undefined` where it can't be had, which is the end */
  #merged(body: Buffer): Buffer | undefined {
    const { refused = [], total = 0 } = this.#outcome;
    try {
      const encoding = this.#head!.contentEncoding;
      if (encoding !== undefined) throw new Error(`it came as ${encoding}, though identity was asked for`);
      const merged = this.#merge(body, refused, total);
      this.#hold(merged.length);
      return merged;
    } catch (error) {
      const reason = `the answer of _msearch could not be completed: ${(error as Error).message}`;
      this.failed(error instanceof TerritoryError ? error : new TerritoryUpstreamError(reason, { cause: error }));
      return undefined;
    }
  }

  facts(done: (facts: AnswerFacts) => void): void {
    if (this.#whole === undefined || this.status !== 200) {
      done({});
      return;
    }
    const { refused = [], total = 0 } = this.#outcome;
    const left = new Set(refused.map(({ position }) => position));
    const { searches = [], ...rest } = factsOfSearches(this.#whole, total - left.size);
    // Those that were refused have their places among the others again.
    const found = searches.values();
    const placed = Array.from({ length: total }, (_, i) => (left.has(i) ? {} : (found.next().value ?? {})));
    done({ ...rest, searches: placed });
  }
}
