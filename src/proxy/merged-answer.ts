import type { Outcome } from '../query/types.js';
import type { TerritoryError } from '../territory/errors.js';
import { type AnswerFacts, factsOfSearches } from './answer-tap.js';
import type { Client } from './client.js';
import { TerritoryUpstreamError } from './errors.js';
import { headerLines } from './headers.js';
import type { ProxyServices } from './services.js';
import type { AnswerHead } from './upstream/answer-head.js';
import type { AnswerReceiver } from './upstream/forward.js';

/** Takes in the whole answer of an `_msearch` and puts the errors of the searches that were refused in their places. */
export class MergedAnswer implements AnswerReceiver {
  readonly #client: Client;
  readonly #extra: readonly string[];
  readonly #outcome: Extract<Outcome, { kind: 'rewritten' }>;
  readonly #services: ProxyServices;
  readonly #fail: (error: TerritoryError) => void;
  readonly #chunks: Buffer[] = [];
  #head: AnswerHead | undefined;
  #whole: Buffer | undefined;
  status = 0;
  headAt = 0;
  bytes = 0;

  constructor(
    client: Client,
    extra: readonly string[],
    outcome: Extract<Outcome, { kind: 'rewritten' }>,
    services: ProxyServices,
    fail: (error: TerritoryError) => void,
  ) {
    this.#client = client;
    this.#extra = extra;
    this.#outcome = outcome;
    this.#services = services;
    this.#fail = fail;
  }

  head(head: AnswerHead): void {
    this.headAt = performance.now();
    this.status = head.status;
    this.#head = head;
  }

  data(piece: Buffer): boolean {
    this.bytes += piece.length;
    this.#chunks.push(Buffer.from(piece));
    return true;
  }

  end(piece: Buffer | undefined): void {
    if (piece !== undefined) this.data(piece);
    let body: Buffer = Buffer.concat(this.#chunks, this.bytes);
    this.#whole = body;
    if (this.status === 200) {
      try {
        const encoding = this.#head!.contentEncoding;
        if (encoding !== undefined) throw new Error(`it came as ${encoding}, though identity was asked for`);
        const { refused = [], total = 0 } = this.#outcome;
        body = this.#services.mergeMsearch(body, refused, total);
      } catch (error) {
        this.bytes = 0;
        const reason = `the answer of _msearch could not be completed: ${(error as Error).message}`;
        this.#fail(new TerritoryUpstreamError(reason, { cause: error }));
        return;
      }
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
    this.#fail(error);
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
