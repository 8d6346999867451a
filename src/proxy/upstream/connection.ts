import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { TerritoryError } from '../../territory/errors.js';
import { type LeastPace, Pace } from '../pace.js';
import { writeTogether } from '../write-together.js';
import type { AnswerHead } from './answer-head.js';
import type { AnswerHeads } from './answer-heads.js';
import { type AnswerParts, AnswerReader } from './answer-reader.js';
import type { Connector } from './connect.js';
import type { BodySink, StreamedBody } from './streamed-body.js';

/** A request as it is written to a connection. */
export interface WrittenRequest {
  /** Request line and headers up to the blank line, Latin-1, without a length and without the blank line. */
  readonly head: string;
  /** Whether the answer has no body whatever its head says: HEAD. */
  readonly bodiless: boolean;
  readonly body: Buffer | StreamedBody | undefined;
  /** Longest wait for the head of the answer and between two pieces, in ms; 0 for none. */
  readonly timeoutMs: number;
  /** Whether the connection must not be used again. */
  readonly last: boolean;
}

/** Who sends on a connection. Pieces of the answer are good during the call only. */
export interface ConnectionUser {
  head(head: AnswerHead, follows: boolean): void;
  /** @returns false to be left alone until the connection's `resume` */
  data(piece: Buffer): boolean;
  end(piece: Buffer | undefined): void;
  /** The connection broke before the end of the answer. Nothing more comes. */
  broke(error: Error): void;
}

/** Who owns the connections. */
export interface ConnectionOwner {
  /** It can be used. */
  opened(connection: UpstreamConnection): void;
  /** An answer has ended, and it can be used again. */
  released(connection: UpstreamConnection): void;
  /** It is closed; `error` where it never was open. */
  closed(connection: UpstreamConnection, error: Error | undefined): void;
}

/** One connection to a node: one request at a time. */
export class UpstreamConnection implements AnswerParts, BodySink {
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #reader: AnswerReader;
  readonly #least: LeastPace;
  #user: ConnectionUser | undefined;
  #request: WrittenRequest | undefined;
  #body: StreamedBody | undefined;
  #open = false;
  #reusable = true;
  #paused = false;
  #timeoutMs = 0;
  /** How fast the client sends a streamed body. */
  #pace: Pace | undefined;
  #error: Error | undefined;
  /** Sweeps of the pool that it has been idle for. */
  sweeps = 0;
  /** When the other side will close it, on `performance.now`'s clock, where it said so. */
  expires = Number.POSITIVE_INFINITY;
  /** Whether it has answered before. */
  used = false;

  constructor(connector: Connector, heads: AnswerHeads, least: LeastPace, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#least = least;
    this.#reader = new AnswerReader(heads, this);
    this.#socket = connector
      .open(
        (bytes) => this.#read(bytes),
        () => {
          this.#open = true;
          owner.opened(this);
        },
      )
      .on('drain', () => {
        this.#pace?.begin();
        this.#body?.resume();
      })
      .on('end', () => this.#finished())
      .on('timeout', () => this.#late())
      .on('error', (error) => {
        this.#error ??= error;
      })
      .on('close', () => this.#closed());
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** Sends a request, of which `user` gets the answer. */
  send(request: WrittenRequest, user: ConnectionUser): void {
    const { head, body, timeoutMs } = request;
    this.#user = user;
    this.#request = request;
    this.#reader.begin(request.bodiless);
    if (timeoutMs !== this.#timeoutMs) this.#setTimeout(timeoutMs);
    if (body === undefined) {
      writeTogether(this.#socket, `${head}\r\n`, undefined, false);
    } else if (Buffer.isBuffer(body)) {
      writeTogether(this.#socket, `${head}content-length: ${body.length}\r\n\r\n`, body, false);
    } else {
      this.#body = body;
      this.#pace = new Pace(this.#least);
      const { length } = body;
      const framing = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`;
      // The head leaves with the first piece, where that has come.
      this.#socket.cork();
      this.#socket.write(`${head}${framing}\r\n\r\n`, 'latin1');
      body.flow(this);
      this.#socket.uncork();
    }
  }

  /** After `data` returned false: reads on. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  /** Closes it at once; the user hears no more of it. */
  destroy(): void {
    this.#forget();
    this.#socket.destroy();
  }

  /** Closes it at once, as a failure to its user. */
  cutOff(): void {
    this.#error ??= Object.assign(new Error('the proxy is closing'), { code: 'ECLOSING' });
    this.#socket.destroy();
  }

  /**
   * Others wait for a connection: gives up an upload that its client sends too slowly.
   * @returns whether it was given up
   */
  giveWay(): boolean {
    const tooSlow = this.#waitsForBody ? this.#pace?.tooSlow : undefined;
    if (tooSlow === undefined) return false;
    this.failed(tooSlow);
    return true;
  }

  piece(chunk: Buffer): boolean {
    this.#pace?.came(chunk.length);
    if (this.#body?.length !== undefined) return this.#socket.write(chunk);
    this.#socket.cork();
    this.#socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    this.#socket.write(chunk);
    const more = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return more;
  }

  whole(): void {
    const chunked = this.#body !== undefined && this.#body.length === undefined;
    this.#body = undefined;
    if (chunked) this.#socket.write('0\r\n\r\n', 'latin1');
  }

  failed(error: TerritoryError): void {
    this.#body = undefined;
    this.#break(error);
  }

  head(head: AnswerHead, follows: boolean): void {
    if (!head.reusable || (head.length < 0 && !head.chunked && !this.#request?.bodiless && hasBody(head))) {
      this.#reusable = false;
    }
    if (head.keepAliveSeconds > 0) this.expires = performance.now() + (head.keepAliveSeconds - 1) * 1000;
    this.#user?.head(head, follows);
  }

  data(piece: Buffer): void {
    if (this.#user === undefined || this.#user.data(piece) || this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  end(piece: Buffer | undefined, clean: boolean): void {
    const user = this.#user;
    // Where the request is not out yet, the next one would have to wait behind a rest that nobody may read.
    const isOut = this.#body === undefined && this.#socket.writableLength === 0;
    const again = clean && isOut && this.#reusable && this.#request?.last === false;
    this.#forget();
    this.used = true;
    this.resume();
    if (!again) this.#socket.destroy();
    else if (!this.#socket.destroyed) this.#owner.released(this);
    user?.end(piece);
  }

  #read(bytes: Buffer): void {
    try {
      this.#reader.read(bytes);
    } catch (error) {
      this.#break(error as Error);
    }
  }

  #finished(): void {
    if (!this.#reader.finish()) this.#error ??= broken('the other side closed the connection');
    this.#socket.destroy();
  }

  /** Whether it is the client's turn: more of its body would be taken. */
  get #waitsForBody(): boolean {
    return this.#body !== undefined && !this.#socket.writableNeedDrain;
  }

  #late(): void {
    if (this.#user === undefined) return;
    // It is the client that is slow.
    if (this.#paused || this.#waitsForBody) this.#socket.setTimeout(this.#timeoutMs);
    else this.#break(Object.assign(new Error(`no answer within ${this.#timeoutMs} ms`), { code: 'ETIMEDOUT' }));
  }

  #setTimeout(ms: number): void {
    this.#timeoutMs = ms;
    this.#socket.setTimeout(ms);
  }

  #break(error: Error): void {
    const user = this.#user;
    this.#forget();
    this.#socket.destroy();
    user?.broke(error);
  }

  #closed(): void {
    const user = this.#user;
    this.#forget();
    const error = this.#error ?? broken('the connection was closed');
    this.#owner.closed(this, this.#open ? undefined : error);
    user?.broke(error);
  }

  #forget(): void {
    this.#user = undefined;
    this.#request = undefined;
    const body = this.#body;
    this.#body = undefined;
    this.#pace = undefined;
    body?.stop();
  }
}

function hasBody({ status }: AnswerHead): boolean {
  return status !== 204 && status !== 304;
}

function broken(reason: string): Error {
  return Object.assign(new Error(reason), { code: 'ECONNRESET' });
}
