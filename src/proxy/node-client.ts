import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TerritoryError } from '../territory/errors.js';
import type { Client, ClientHead, ClientUser } from './client.js';
import { CountedBody } from './counted-body.js';
import { discardRest } from './discard-rest.js';
import { forwardedHeaders, trustedLines } from './headers.js';
import { readBody } from './read-body.js';
import { type HeaderValues, valuesOf } from './read-headers.js';
import { refusal } from './refusal.js';
import type { SlowBodies } from './slow-bodies.js';
import type { StreamedBody } from './upstream/streamed-body.js';

/** A client on the objects of node:http. */
export class NodeClient implements Client {
  readonly #slow: SlowBodies | undefined;
  readonly #server: { readonly closing: boolean } | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly method: string;
  readonly target: string;
  /** Read at once: a connection that is gone has no address. */
  readonly address: string;
  readonly length: number | undefined;
  readonly hasBody: boolean;
  #user: ClientUser | undefined;
  #drained: (() => void) | undefined;
  /** Whether it must take what waits for it in time. */
  #isTimed = false;
  #isCut = false;
  readonly headers: HeaderValues;
  waits: boolean;

  /**
   * @param waits for `100 Continue`
   * @param server whose answers end their connections when it is closing
   * @param slow among which its body is one while it is read
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    waits: boolean,
    server?: { readonly closing: boolean },
    slow?: SlowBodies,
  ) {
    this.#slow = slow;
    this.#server = server;
    this.#request = request;
    this.#response = response;
    this.method = request.method!;
    this.target = request.url!;
    this.address = request.socket.remoteAddress ?? '';
    this.headers = valuesOf(request.headers);
    const length = request.headers['content-length'];
    this.length = length === undefined ? undefined : Number(length);
    this.hasBody = (this.length ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
    this.waits = waits;
  }

  get status(): number {
    return this.#response.headersSent ? this.#response.statusCode : 0;
  }

  forwardedLines(without: ReadonlySet<string>): string {
    return trustedLines(forwardedHeaders(this.#request.rawHeaders, without));
  }

  refusal(): TerritoryError | undefined {
    return refusal(this.#request);
  }

  serve(user: ClientUser): void {
    this.#user = user;
    const over = (): void => this.#over();
    this.#response.on('close', over).on('error', over);
    this.#request.on('error', over);
  }

  goOn(): void {
    this.waits = false;
    this.#response.writeContinue();
  }

  readBody(): void {
    readBody(
      this.#request,
      this.#user?.silenceMs ?? 0,
      this.#slow,
      (length) => this.#user?.grows(length),
      (error, body) => this.#user?.body(error, body),
    );
  }

  streamBody(limit: number): StreamedBody {
    return new CountedBody(this.#request, this.length, limit);
  }

  head({ status, reason, headers }: ClientHead, extra: readonly string[], follows: boolean): void {
    this.#begin();
    this.#response.writeHead(status, reason, [...headers, ...extra]);
    if (!follows) this.#response.flushHeaders();
  }

  piece(piece: Buffer, drained: () => void): boolean {
    if (this.#response.write(Buffer.from(piece))) return true;
    if (this.#drained === undefined) {
      this.#response.on('drain', () => {
        this.#response.setTimeout(0);
        this.#drained?.();
      });
    }
    this.#drained = drained;
    this.#mustTake();
    return false;
  }

  end(piece: Buffer | undefined): void {
    if (piece === undefined) this.#response.end();
    else this.#response.end(Buffer.from(piece));
    if (this.#response.writableLength > 0) this.#mustTake();
  }

  answer(status: number, headers: readonly string[], body: Buffer): void {
    this.#begin();
    this.#response.writeHead(status, [...headers]);
    this.#response.end(body);
    if (this.#response.writableLength > 0) this.#mustTake();
  }

  last(): void {
    this.#response.shouldKeepAlive = false;
  }

  cut(): void {
    // Node takes an answer for finished whose last bytes went with the connection.
    this.#isCut = true;
    this.#response.destroy();
  }

  discardRest(most: number): void {
    discardRest(this.#request, most);
  }

  /** The head is to have the headers that it is given, but for what the connection itself needs. */
  #begin(): void {
    const response = this.#response;
    response.sendDate = false;
    if (this.#server?.closing) response.shouldKeepAlive = false;
    // To HTTP/1.1 nothing need be said about a connection that stays; Elasticsearch says nothing either.
    if (response.shouldKeepAlive && this.#request.httpVersionMinor === 1) response.removeHeader('connection');
  }

  /** Cuts the client off where it takes nothing of what waits for it. */
  #mustTake(): void {
    this.#response.setTimeout(this.#user?.silenceMs ?? 0);
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.#response.on('timeout', () => this.cut());
  }

  #over(): void {
    // The time was that of this answer, not of the connection.
    if (this.#isTimed) this.#request.socket.setTimeout(0);
    const user = this.#user;
    this.#user = undefined;
    user?.over(this.#isCut || !this.#response.writableFinished);
  }
}
