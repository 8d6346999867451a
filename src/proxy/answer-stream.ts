import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TerritoryError } from '../territory/errors.js';
import { type AnswerFacts, AnswerTap } from './answer-tap.js';
import { answeredHeaders, headerValue } from './headers.js';
import type { AnswerReceiver } from './upstream/forward.js';

/** Passes an answer on as it comes, no faster than the client reads it. */
export class AnswerStream implements AnswerReceiver {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #extra: readonly string[];
  readonly #fail: (error: TerritoryError) => void;
  #tap: AnswerTap | undefined;
  #resume: (() => void) | undefined;
  #length = -1;
  #drains = false;
  #ended = false;
  /** Status of Elasticsearch's answer; 0 before it came. */
  status = 0;
  /** When its head came, on `performance.now`'s clock; 0 before. */
  headAt = 0;
  /** Body bytes passed on. */
  bytes = 0;

  /**
   * @param extra headers that the answer gets beside its own; where there are any, the answer is also looked at
   * @param fail told of a failure; it answers when the head is not out yet
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    extra: readonly string[],
    fail: (error: TerritoryError) => void,
  ) {
    this.#request = request;
    this.#response = response;
    this.#extra = extra;
    this.#fail = fail;
  }

  head(status: number, statusText: string, raw: readonly Buffer[], resume: () => void): void {
    const response = this.#response;
    const headers = answeredHeaders(raw);
    const length = headerValue(headers, 'content-length');
    this.headAt = performance.now();
    this.status = status;
    this.#resume = resume;
    if (length !== undefined) this.#length = Number(length);
    if (this.#extra.length > 0) {
      this.#tap = AnswerTap.for(status, headerValue(headers, 'content-type'), headerValue(headers, 'content-encoding'));
      headers.push(...this.#extra);
    }
    writeAnswerHead(this.#request, response, status, statusText, headers);
    // Head and body leave in one write where both have come; a body that lets itself be waited for holds no head up.
    queueMicrotask(() => {
      if (this.bytes === 0 && !this.#ended && !response.destroyed) response.flushHeaders();
    });
  }

  data(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    this.#tap?.see(chunk);
    if (this.bytes === this.#length) {
      this.#ended = true;
      this.#response.end(chunk);
      return true;
    }
    if (this.#response.write(chunk)) return true;
    if (!this.#drains) {
      this.#drains = true;
      this.#response.on('drain', () => this.#resume?.());
    }
    return false;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#response.end();
  }

  failed(error: TerritoryError, midway: boolean): void {
    if (this.#ended) return;
    this.#fail(error);
    // Half an answer must not look like a whole one.
    if (midway) this.#response.destroy();
  }

  facts(done: (facts: AnswerFacts) => void): void {
    if (this.#tap === undefined) done({});
    else this.#tap.facts(done);
  }
}

/** Writes the head of an answer with exactly these headers, but for what the connection itself needs. */
export function writeAnswerHead(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  statusText: string,
  headers: string[],
): void {
  response.sendDate = false;
  // To HTTP/1.1 nothing need be said about a connection that stays; Elasticsearch says nothing either.
  if (response.shouldKeepAlive && request.httpVersionMinor === 1) response.removeHeader('connection');
  response.writeHead(status, statusText, headers);
}
