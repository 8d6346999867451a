import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { TerritoryError } from '../../territory/errors.js';
import { failureCode, TerritoryTimeoutError, upstreamFailure } from '../errors.js';
import type { UpstreamNode } from './node.js';
import type { UpstreamNodes } from './nodes.js';

/** A request as it leaves for Elasticsearch. */
export interface ForwardedRequest {
  readonly method: string;
  /** Raw path and query string. */
  readonly target: string;
  /** `[name, value, …]`, without those of a connection and without a length where the body is a buffer. */
  readonly headers: string[];
  readonly body: Buffer | Readable | undefined;
  /** Longest wait for the head and between two pieces, in ms; 0 for none. */
  readonly timeoutMs: number;
  /** Whether it may reach Elasticsearch twice. */
  readonly repeatable: boolean;
  /** Whether its connection must not be used again. */
  readonly lastOnConnection: boolean;
}

/** Who gets the answer. After `end` or `failed` nothing more comes. */
export interface AnswerReceiver {
  /** @param headers names and values in turn, as bytes */
  head(status: number, statusText: string, headers: readonly Buffer[], resume: () => void): void;
  /** Returns false to be left alone until it calls `resume`. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** @param midway whether the head had come */
  failed(error: TerritoryError, midway: boolean): void;
}

/**
 * Sends one request to one node after the other, until one answers. A second node (or a second connection) is tried only
 * where nothing can happen twice: when nothing was sent yet, or once for a request that may be repeated, and never
 * after a timeout or after the head of an answer.
 */
export class Forward implements Dispatcher.DispatchHandler {
  readonly #nodes: UpstreamNodes;
  readonly #request: ForwardedRequest;
  readonly #receiver: AnswerReceiver;
  readonly #tried: UpstreamNode[] = [];
  #node: UpstreamNode | undefined;
  #abort: (() => void) | undefined;
  #sent = false;
  #answered = false;
  #repeated = false;
  #over = false;
  /** When the request was written to a connection, on `performance.now`'s clock. */
  sentAt = 0;

  constructor(nodes: UpstreamNodes, request: ForwardedRequest, receiver: AnswerReceiver) {
    this.#nodes = nodes;
    this.#request = request;
    this.#receiver = receiver;
  }

  start(): void {
    this.#dispatch(this.#nodes.next()!);
  }

  /** Destroys the upstream request; the receiver hears no more of it. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#abort?.();
  }

  #dispatch(node: UpstreamNode): void {
    const { method, target, headers, body, timeoutMs, lastOnConnection } = this.#request;
    this.#node = node;
    this.#sent = false;
    const options: Dispatcher.DispatchOptions & { servername: string | undefined } = {
      path: target,
      method: method as Dispatcher.HttpMethod,
      headers,
      body: body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      // Not to lose a connection to HEAD or to a GET with a body, which undici would close to be sure.
      reset: lastOnConnection,
      blocking: false,
      servername: node.servername,
    };
    node.pool.dispatch(options, this);
  }

  onConnect(abort: () => void): void {
    if (this.#over) {
      abort();
      return;
    }
    this.#abort = abort;
    this.#sent = true;
    this.#node?.succeeded();
    this.sentAt = performance.now();
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean {
    if (this.#over || status < 200) return true;
    this.#answered = true;
    this.#receiver.head(status, wholeReason(status, statusText), headers, resume);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#over || this.#receiver.data(chunk);
  }

  onComplete(): void {
    if (this.#over) return;
    this.#over = true;
    this.#receiver.end();
  }

  onError(error: Error): void {
    if (this.#over) return;
    const node = this.#node!;
    const failure = upstreamFailure(error, node.origin);
    if (!this.#answered && failure.type === 'territory_upstream_exception') {
      const next = this.#sent ? this.#again(node) : this.#elsewhere(node, error);
      if (next !== undefined) {
        this.#dispatch(next);
        return;
      }
    } else if (!this.#sent && failure instanceof TerritoryTimeoutError) {
      const next = this.#elsewhere(node, error);
      if (next !== undefined) {
        this.#dispatch(next);
        return;
      }
    }
    this.#over = true;
    this.#receiver.failed(failure, this.#answered);
  }

  /** The node to try after a connection could not be made. */
  #elsewhere(node: UpstreamNode, error: Error): UpstreamNode | undefined {
    if (failureCode(error) === 'UND_ERR_DESTROYED' || failureCode(error) === 'UND_ERR_CLOSED') return undefined;
    this.#nodes.failed(node);
    this.#tried.push(node);
    return this.#nodes.next(this.#tried);
  }

  /** The node for a second attempt at what was sent and not answered: another one, or where there is none the same. */
  #again(node: UpstreamNode): UpstreamNode | undefined {
    if (!this.#request.repeatable || this.#repeated) return undefined;
    this.#repeated = true;
    return this.#nodes.next([...this.#tried, node]) ?? node;
  }
}

/** Of a reason that comes in two reads undici gives the second part only. */
function wholeReason(status: number, text: string): string {
  const usual = STATUS_CODES[status];
  return usual?.endsWith(text) ? usual : text;
}
