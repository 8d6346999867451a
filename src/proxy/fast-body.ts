import type { Socket } from 'node:net';
import type { TerritoryError } from '../territory/errors.js';
import type { ClientUser } from './client.js';
import type { TerritorySlowBodyError } from './errors.js';
import { GatheredBody } from './gathered-body.js';
import { Pace } from './pace.js';
import { bodyTooLarge, bodyTooSlow } from './read-body.js';
import type { ReadBody, SlowBodies } from './slow-bodies.js';
import type { BodySink, StreamedBody } from './upstream/streamed-body.js';

/** How long a client may go on sending a body that nobody wants, in ms. */
const PATIENCE_MS = 15_000;

const EMPTY = Buffer.alloc(0);

/** The body of a plain request, as it comes on a bare socket: read whole, handed on piece by piece, or taken in for nobody. */
export class FastBody implements StreamedBody, ReadBody {
  readonly #socket: Socket;
  readonly length: number;
  /** What has come of it, until it is asked for. */
  #early: Buffer;
  /** Bytes that are still to come. */
  #left: number;
  /** Who gets it whole. */
  #user: ClientUser | undefined;
  #gathered: GatheredBody | undefined;
  /** Those that are read, among which it is one; and its pace there. */
  #slow: SlowBodies | undefined;
  #pace: Pace | undefined;
  #sink: BodySink | undefined;
  #limit = 0;
  /** Whether nobody wants what still comes. */
  #unwanted = false;
  #discards: NodeJS.Timeout | undefined;
  /** How much of what nobody wants is still taken in. */
  #patience = Number.POSITIVE_INFINITY;
  bytes = 0;

  /** @param early the beginning, as far as it came with the head */
  constructor(socket: Socket, length: number, early: Buffer) {
    this.#socket = socket;
    this.length = length;
    this.#early = early;
    this.#left = length - early.length;
  }

  /** Whether it has come whole. */
  get complete(): boolean {
    return this.#left === 0;
  }

  /** Whether it is being read whole, and not there yet. */
  get isRead(): boolean {
    return this.#gathered !== undefined;
  }

  /** Reads it whole, for the `body` of `user`. */
  read(user: ClientUser, slow: SlowBodies): void {
    const early = this.#early;
    this.#early = EMPTY;
    this.#user = user;
    if (this.#left > 0) {
      this.#gathered = new GatheredBody();
      if (early.length > 0) this.#gathered.add(early);
      this.#slow = slow;
      this.#pace = new Pace(slow.least);
      slow.add(this);
      this.#socket.setTimeout(user.silenceMs);
    }
    this.bytes = early.length;
    const error = user.grows(early.length);
    if (error !== undefined) this.#done(error, EMPTY);
    else if (this.#left === 0) this.#done(undefined, early);
  }

  /** Nothing of a body that is read came for as long as the client may be silent. */
  silent(): void {
    this.#done(bodyTooSlow(this.#socket.timeout!), EMPTY);
  }

  get tooSlow(): TerritorySlowBodyError | undefined {
    return this.#pace?.tooSlow;
  }

  giveWay(error: TerritorySlowBodyError): void {
    this.#done(error, EMPTY);
  }

  /** As `Client.streamBody`. */
  stream(limit: number): StreamedBody | Buffer {
    if (this.#left === 0) return this.#early;
    this.#limit = limit;
    return this;
  }

  flow(to: BodySink): void {
    this.#sink = to;
    const early = this.#early;
    this.#early = EMPTY;
    if (early.length > 0) this.#pass(early);
  }

  resume(): void {
    this.#socket.resume();
  }

  stop(): void {
    this.#sink = undefined;
  }

  /** The answer has begun: who has not asked for the body by now will not. */
  answered(): void {
    this.#unwanted = true;
  }

  /** As `Client.discardRest`. */
  discard(most: number): void {
    this.forget();
    this.#early = EMPTY;
    if (this.#left === 0) return;
    this.#patience = most;
    this.#discards = setTimeout(() => this.#socket.destroy(), PATIENCE_MS).unref();
    this.#socket.resume();
  }

  /** Nobody is told of it any more. */
  forget(): void {
    clearTimeout(this.#discards);
    this.#slow?.delete(this);
    this.#user = undefined;
    this.#gathered = undefined;
    this.#sink = undefined;
    this.#unwanted = true;
  }

  /**
   * Takes in what came of it.
   * @returns what came after it
   */
  more(chunk: Buffer): Buffer | undefined {
    const own = chunk.length <= this.#left ? chunk : chunk.subarray(0, this.#left);
    this.#left -= own.length;
    if (own.length > 0) this.#take(own);
    return own.length === chunk.length ? undefined : chunk.subarray(own.length);
  }

  #take(piece: Buffer): void {
    if (this.#sink !== undefined) {
      this.#pass(piece);
    } else if (this.#gathered !== undefined) {
      this.#gathered.add(piece);
      this.bytes += piece.length;
      this.#pace?.came(piece.length);
      const error = this.#user?.grows(this.bytes);
      if (error !== undefined) this.#done(error, EMPTY);
      else if (this.#left === 0) this.#done(undefined, this.#gathered.whole());
    } else if (this.#unwanted) {
      this.#patience -= piece.length;
      if (this.#patience < 0) this.#socket.destroy();
      if (this.#left === 0) clearTimeout(this.#discards);
    } else {
      // It is to stream, but there is no connection yet.
      this.#early = this.#early.length === 0 ? piece : Buffer.concat([this.#early, piece]);
      if (this.#left > 0) this.#socket.pause();
    }
  }

  /** It is read, or will not be. */
  #done(error: TerritoryError | undefined, body: Buffer): void {
    const user = this.#user;
    if (this.#gathered !== undefined) this.#socket.setTimeout(0);
    this.forget();
    user?.body(error, body);
  }

  #pass(piece: Buffer): void {
    const sink = this.#sink!;
    this.bytes += piece.length;
    if (this.bytes > this.#limit) {
      this.#sink = undefined;
      sink.failed(bodyTooLarge(this.#limit));
      return;
    }
    const more = sink.piece(piece);
    if (this.#left === 0) {
      this.#sink = undefined;
      sink.whole();
    }
    // Of a socket that is paused nobody learns that the client has gone: it is only while there is more to come.
    if (more || this.#left === 0) this.#socket.resume();
    else this.#socket.pause();
  }
}
