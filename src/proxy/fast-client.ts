import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Client, ClientHead, ClientUser } from './client.js';
import { FastBody } from './fast-body.js';
import { headerLines, trustedLines } from './headers.js';
import type { PlainHead } from './plain-request.js';
import { type HeaderValues, READ_NAMES, type ReadName } from './read-headers.js';
import type { SlowBodies } from './slow-bodies.js';
import type { StreamedBody } from './upstream/streamed-body.js';
import { writeTogether } from './write-together.js';

const EMPTY = Buffer.alloc(0);

/** The connection that a request came on. */
export interface PlainConnection {
  readonly socket: Socket;
  readonly address: string;
  readonly slow: SlowBodies;
  /** Whether it takes no further request. */
  readonly closing: boolean;
  /** The answer is out and the body taken in: what comes now is the next request. */
  done(client: FastClient): void;
}

/** A client on a bare socket, whose request is plain. */
export class FastClient implements Client {
  readonly #connection: PlainConnection;
  readonly #socket: Socket;
  readonly #head: PlainHead;
  readonly method: string;
  readonly target: string;
  readonly length: number | undefined;
  readonly headers: HeaderValues;
  readonly waits = false;
  readonly #body: FastBody | undefined;
  #user: ClientUser | undefined;
  /** The head of the answer, until it leaves with the first piece. */
  #pending = '';
  #chunked = false;
  #last = false;
  #drained: (() => void) | undefined;
  #finished = false;
  /** When it first sent further requests while its answer could not leave, on `performance.now`'s clock; 0: it did not. */
  #sentAheadAt = 0;
  status = 0;

  /** @param early the beginning of the body */
  constructor(connection: PlainConnection, head: PlainHead, early: Buffer) {
    this.#connection = connection;
    this.#socket = connection.socket;
    this.#head = head;
    this.method = head.method;
    this.target = head.target;
    this.length = head.length;
    this.headers = head.values;
    if (head.length !== undefined && head.length > 0) this.#body = new FastBody(this.#socket, head.length, early);
  }

  get address(): string {
    return this.#connection.address;
  }

  get hasBody(): boolean {
    return this.#body !== undefined;
  }

  /** Whether the body has come whole. */
  get complete(): boolean {
    return this.#body === undefined || this.#body.complete;
  }

  forwardedLines(without: ReadonlySet<string>): string {
    const { lines } = this.#head;
    if (without.size === 0) return lines;
    for (const name of without) {
      // Of most headers the reader knows whether they are there.
      if (!READ_NAMES.has(name) || this.headers[name as ReadName] !== undefined) return linesWithout(lines, without);
    }
    return lines;
  }

  refusal(): undefined {
    return undefined;
  }

  serve(user: ClientUser): void {
    this.#user = user;
  }

  goOn(): void {}

  readBody(): void {
    if (this.#user !== undefined) this.#body?.read(this.#user, this.#connection.slow);
  }

  /** Nothing moved for as long as the client may be silent. */
  silent(): void {
    if (this.#body?.isRead) this.#body.silent();
    else if (this.#socket.writableLength > 0) this.#socket.destroy();
  }

  streamBody(limit: number): StreamedBody | Buffer {
    return this.#body?.stream(limit) ?? EMPTY;
  }

  /**
   * Takes in what came of the body.
   * @returns what came after it
   */
  more(chunk: Buffer): Buffer | undefined {
    // Where the answer is out already, all that is waited for is the end of the body.
    const wasFinished = this.#finished;
    const rest = this.#body?.more(chunk);
    if (wasFinished && this.complete) this.#done();
    return rest;
  }

  /** Further requests came. To the socket's own clock they are signs of life, even of a client that takes no answer. */
  sendsAhead(): void {
    const { timeout, writableLength } = this.#socket;
    if (!timeout || writableLength === 0) return;
    const now = performance.now();
    if (this.#sentAheadAt === 0) this.#sentAheadAt = now;
    else if (now - this.#sentAheadAt > timeout) this.#socket.destroy();
  }

  drained(): void {
    this.#sentAheadAt = 0;
    this.#socket.setTimeout(0);
    this.#drained?.();
  }

  /** The connection is gone. */
  gone(): void {
    this.#body?.forget();
    this.#over(true);
  }

  head(head: ClientHead, extra: readonly string[], follows: boolean): void {
    const { status, reason, lines, length } = head;
    const bodiless = this.method === 'HEAD' || status === 204 || status === 304;
    this.#chunked = length < 0 && !bodiless;
    this.#begin(
      `HTTP/1.1 ${status} ${reason}\r\n${lines}${extra.length === 0 ? '' : trustedLines(extra)}${this.#chunked ? 'Transfer-Encoding: chunked\r\n' : ''}`,
      status,
    );
    if (follows) return;
    this.#socket.write(this.#pending, 'latin1');
    this.#pending = '';
  }

  piece(piece: Buffer, drained: () => void): boolean {
    if (this.#write(piece) || this.#socket.writableLength === 0) return true;
    this.#drained = drained;
    this.#socket.setTimeout(this.#user?.silenceMs ?? 0);
    return false;
  }

  end(piece: Buffer | undefined): void {
    if (piece !== undefined && piece.length > 0) this.#write(piece);
    if (this.#chunked) this.#pending += '0\r\n\r\n';
    if (this.#pending !== '') this.#socket.write(this.#pending, 'latin1');
    this.#pending = '';
    // Almost always the kernel has taken it all.
    if (this.#socket.writableLength === 0) this.#out();
    else {
      this.#socket.setTimeout(this.#user?.silenceMs ?? 0);
      this.#socket.write(EMPTY, (error) => {
        // Cut off before all of it was out: `gone` says so.
        if (error) return;
        this.#socket.setTimeout(0);
        this.#out();
      });
    }
  }

  answer(status: number, headers: readonly string[], body: Buffer): void {
    this.#begin(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headerLines(headers)}`, status);
    this.end(this.method === 'HEAD' ? undefined : body);
  }

  last(): void {
    this.#last = true;
  }

  cut(): void {
    this.#socket.destroy();
  }

  discardRest(most: number): void {
    this.#body?.discard(most);
  }

  #begin(head: string, status: number): void {
    this.status = status;
    this.#body?.answered();
    if (this.#connection.closing) this.#last = true;
    this.#pending = `${head}${this.#last ? 'Connection: close\r\n' : ''}\r\n`;
  }

  #write(piece: Buffer): boolean {
    const head = this.#pending;
    this.#pending = '';
    if (!this.#chunked) return writeTogether(this.#socket, head, piece, true);
    this.#socket.cork();
    this.#socket.write(`${head}${piece.length.toString(16)}\r\n`, 'latin1');
    this.#socket.write(Buffer.from(piece));
    const more = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return more;
  }

  #out(): void {
    if (this.#finished || this.#user === undefined) return;
    this.#finished = true;
    this.#over(false);
    if (this.complete) this.#done();
  }

  #done(): void {
    // Not `end` alone: the client may keep its side open for as long as it likes.
    if (this.#last) this.#socket.destroySoon();
    else this.#connection.done(this);
  }

  #over(gone: boolean): void {
    const user = this.#user;
    this.#user = undefined;
    user?.over(gone);
  }
}

function linesWithout(lines: string, without: ReadonlySet<string>): string {
  return lines
    .split('\r\n')
    .filter((line) => line !== '' && !without.has(line.slice(0, line.indexOf(':')).toLowerCase()))
    .map((line) => `${line}\r\n`)
    .join('');
}
