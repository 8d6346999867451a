import { performance } from 'node:perf_hooks';
import { type TerritoryError, TerritoryUnsupportedError } from '../../territory/errors.js';
import { failureCode, upstreamFailure } from '../errors.js';
import { isSafeRead } from '../safe-reads.js';
import type { AnswerHead } from './answer-head.js';
import type { ConnectionUser, UpstreamConnection, WrittenRequest } from './connection.js';
import type { UpstreamNode } from './node.js';
import type { UpstreamNodes } from './nodes.js';
import type { Waiter } from './pool.js';
import type { StreamedBody } from './streamed-body.js';

/** From here on Elasticsearch may refuse a head, and then reads nothing more on that connection: 4 kB of line, 8 or 16 kB in all. */
const LONG_TARGET = 4_000;
const LONG_HEAD = 7_500;

/** A request as it leaves for Elasticsearch. */
export interface ForwardedRequest {
  readonly method: string;
  /** Raw path and query string. */
  readonly target: string;
  /** The lines of its head, each with its end; without those of a connection and without a length. */
  readonly lines: string;
  /** Whether `lines` name no `Host`: it gets that of the node. */
  readonly hostless: boolean;
  readonly body: Buffer | StreamedBody | undefined;
  /** Longest wait for the head and between two pieces, in ms; 0 for none. */
  readonly timeoutMs: number;
}

/** Who gets the answer. After `end` or `failed` nothing more comes. Pieces are good during the call only. */
export interface AnswerReceiver {
  /** @param follows whether the body, or its beginning, comes in the same turn */
  head(head: AnswerHead, follows: boolean, resume: () => void): void;
  /** Returns false to be left alone until it calls `resume`. */
  data(piece: Buffer): boolean;
  /** @param piece the last one, where it came with the end */
  end(piece: Buffer | undefined): void;
  /** @param midway whether the head had come */
  failed(error: TerritoryError, midway: boolean): void;
}

/**
 * Sends one request to one node after the other, until one answers. A second node (or a second connection) is tried only
 * where nothing can happen twice: when nothing was sent yet, or once for a request that may be repeated, and never
 * after a timeout or after the head of an answer.
 */
export class Forward implements ConnectionUser, Waiter {
  readonly #nodes: UpstreamNodes;
  readonly #request: ForwardedRequest;
  readonly #receiver: AnswerReceiver;
  #tried: UpstreamNode[] | undefined;
  #node: UpstreamNode | undefined;
  /** Failures of the node when it was asked. */
  #failuresBefore = 0;
  #connection: UpstreamConnection | undefined;
  #answered = false;
  #repeated = false;
  #over = false;
  /** When the request was written to a connection, on `performance.now`'s clock. */
  sentAt = 0;

  /** @throws TerritoryUnsupportedError for a target that would not be one in a request line */
  constructor(nodes: UpstreamNodes, request: ForwardedRequest, receiver: AnswerReceiver) {
    if (NO_TARGET.test(request.target)) {
      throw new TerritoryUnsupportedError("the request can't be forwarded: its target holds bytes that none may");
    }
    this.#nodes = nodes;
    this.#request = request;
    this.#receiver = receiver;
  }

  start(): void {
    this.#ask(this.#nodes.next()!, false);
  }

  /** Destroys the upstream request; the receiver hears no more of it. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#connection === undefined) this.#node?.pool.leave(this);
    else this.#connection.destroy();
  }

  ready(connection: UpstreamConnection): void {
    const node = this.#node!;
    this.#connection = connection;
    node.succeeded();
    this.sentAt = performance.now();
    connection.send(this.#written(node), this);
  }

  get patienceMs(): number {
    return this.#request.timeoutMs;
  }

  late(error: Error): void {
    this.#failed(upstreamFailure(error, this.#node!.origin));
  }

  unreachable(error: Error): void {
    if (this.#over) return;
    const node = this.#node!;
    if (failureCode(error) !== 'ECLOSING') {
      // Of all that failed together the first tells.
      if (node.failures === this.#failuresBefore) this.#nodes.failed(node);
      this.#tried = [...(this.#tried ?? []), node];
      const next = this.#nodes.next(this.#tried);
      if (next !== undefined) {
        this.#ask(next, false);
        return;
      }
    }
    this.#failed(upstreamFailure(error, node.origin));
  }

  head(head: AnswerHead, follows: boolean): void {
    this.#answered = true;
    const connection = this.#connection!;
    this.#receiver.head(head, follows, () => connection.resume());
  }

  data(piece: Buffer): boolean {
    return this.#receiver.data(piece);
  }

  end(piece: Buffer | undefined): void {
    this.#over = true;
    this.#receiver.end(piece);
  }

  broke(error: Error): void {
    if (this.#over) return;
    const node = this.#node!;
    const failure = upstreamFailure(error, node.origin);
    this.#connection = undefined;
    if (
      !this.#repeated &&
      !this.#answered &&
      this.#repeatable() &&
      failure.type === 'territory_upstream_exception' &&
      failureCode(error) !== 'ECLOSING'
    ) {
      this.#repeated = true;
      // Another node, or where there is none the same; on a new connection, for where one is stale others are too.
      this.#ask(this.#nodes.next([...(this.#tried ?? []), node]) ?? node, true);
    } else this.#failed(failure);
  }

  /** Whether the request may reach Elasticsearch twice: it only reads, and its body is still there. */
  #repeatable(): boolean {
    const { method, target, body } = this.#request;
    return (body === undefined || Buffer.isBuffer(body)) && isSafeRead(method, target);
  }

  #ask(node: UpstreamNode, fresh: boolean): void {
    this.#node = node;
    this.#failuresBefore = node.failures;
    node.pool.acquire(this, fresh);
  }

  #failed(failure: TerritoryError): void {
    this.#over = true;
    this.#receiver.failed(failure, this.#answered);
  }

  #written(node: UpstreamNode): WrittenRequest {
    const { method, target, lines, hostless, body, timeoutMs } = this.#request;
    const last = target.length > LONG_TARGET || lines.length + target.length > LONG_HEAD;
    const host = hostless ? `host: ${node.host}\r\n` : '';
    const close = last ? 'connection: close\r\n' : '';
    // A request that usually has a body says that it has none (RFC 9110, 8.6).
    const empty = body === undefined && EXPECT_BODY.has(method) ? 'content-length: 0\r\n' : '';
    return {
      head: `${method} ${target} HTTP/1.1\r\n${host}${lines}${close}${empty}`,
      bodiless: method === 'HEAD',
      body,
      timeoutMs,
      last,
    };
  }
}

const EXPECT_BODY = new Set(['POST', 'PUT', 'PATCH']);

const NO_TARGET = /[^\x21-\x7e\x80-\xff]/;
