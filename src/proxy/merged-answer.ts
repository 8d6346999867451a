import type { ServerResponse } from 'node:http';
import type { Outcome } from '../query/types.js';
import type { TerritoryError } from '../territory/errors.js';
import { type AnswerFacts, factsIn } from './answer-tap.js';
import { TerritoryUpstreamError } from './errors.js';
import { answeredHeaders, headerValue } from './headers.js';
import type { ProxyServices } from './services.js';
import type { AnswerReceiver } from './upstream/forward.js';

const REMADE: ReadonlySet<string> = new Set(['content-length']);

/** Takes in the whole answer of an `_msearch` and puts the errors of the searches that were refused in their places. */
export class MergedAnswer implements AnswerReceiver {
  readonly #response: ServerResponse;
  readonly #extra: readonly string[];
  readonly #outcome: Extract<Outcome, { kind: 'rewritten' }>;
  readonly #services: ProxyServices;
  readonly #fail: (error: TerritoryError) => void;
  readonly #chunks: Buffer[] = [];
  #headers: string[] = [];
  #statusText = '';
  #whole: Buffer | undefined;
  status = 0;
  headAt = 0;
  bytes = 0;

  constructor(
    response: ServerResponse,
    extra: readonly string[],
    outcome: Extract<Outcome, { kind: 'rewritten' }>,
    services: ProxyServices,
    fail: (error: TerritoryError) => void,
  ) {
    this.#response = response;
    this.#extra = extra;
    this.#outcome = outcome;
    this.#services = services;
    this.#fail = fail;
  }

  head(status: number, statusText: string, raw: readonly Buffer[]): void {
    this.headAt = performance.now();
    this.status = status;
    this.#statusText = statusText;
    this.#headers = answeredHeaders(raw, REMADE);
  }

  data(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    this.#chunks.push(chunk);
    return true;
  }

  end(): void {
    let body: Buffer = Buffer.concat(this.#chunks, this.bytes);
    this.#whole = body;
    if (this.status === 200) {
      try {
        const encoding = headerValue(this.#headers, 'content-encoding');
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
    this.#headers.push('content-length', String(body.length), ...this.#extra);
    this.#response.sendDate = false;
    this.#response.writeHead(this.status, this.#statusText, this.#headers);
    this.#response.end(body);
  }

  failed(error: TerritoryError): void {
    this.bytes = 0;
    this.#fail(error);
  }

  facts(done: (facts: AnswerFacts) => void): void {
    done(this.#whole === undefined ? {} : factsIn(this.#whole));
  }
}
