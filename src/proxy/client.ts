import type { TerritoryError } from '../territory/errors.js';
import type { HeaderValues } from './read-headers.js';
import type { StreamedBody } from './upstream/streamed-body.js';

/** The head of an answer as a client gets it. */
export interface ClientHead {
  readonly status: number;
  readonly reason: string;
  /** `[name, value, …]`. */
  readonly headers: readonly string[];
  /** The same as lines, each with its end. */
  readonly lines: string;
  /** `Content-Length` in them; -1 where there is none. */
  readonly length: number;
}

/** Who serves a request. */
export interface ClientUser {
  /**
   * How long the client may be silent, in ms: send nothing of a body that is read whole, or take nothing of an answer.
   * 0: for ever.
   */
  readonly silenceMs: number;
  /** @returns why a body that is now `length` bytes long may not grow on, or `undefined` */
  grows(length: number): TerritoryError | undefined;
  /** The body is whole, or must not be read on. Never comes when the client goes away first. */
  body(error: TerritoryError | undefined, bytes: Buffer): void;
  /** The answer is out, or the client is gone. Comes once, and is the last. */
  over(gone: boolean): void;
}

/**
 * A request as it came, and the way back to whoever sent it. There are two kinds: `NodeClient` on the objects of
 * node:http, and that of the fast path on a bare socket. Pieces of an answer are good during the call only.
 */
export interface Client {
  readonly method: string;
  /** Raw path and query string. */
  readonly target: string;
  /** Address of the peer. */
  readonly address: string;
  /** `Content-Length`; `undefined` where there is none. */
  readonly length: number | undefined;
  readonly hasBody: boolean;
  /** Whether the client waits for `100 Continue`. */
  readonly waits: boolean;
  readonly headers: HeaderValues;
  /** The lines of the head that go on: without those of the connection, the length, `Expect`, and those in `without`. */
  forwardedLines(without: ReadonlySet<string>): string;
  /** Why it must not go on, whatever it asks: forms that two servers may read differently. */
  refusal(): TerritoryError | undefined;

  serve(user: ClientUser): void;
  /** Says `100 Continue`. */
  goOn(): void;
  /** Reads the body whole, for the user's `body`, which gets `TerritorySlowBodyError` where the client falls silent. */
  readBody(): void;
  /**
   * The body for the way through, or all of it where it has come.
   * @param limit most bytes; past it the sink gets `TerritoryTooLargeError`
   */
  streamBody(limit: number): StreamedBody | Buffer;

  /** Status of the answer; 0 before there is one. */
  readonly status: number;
  /**
   * Begins the answer.
   * @param extra more headers, `[name, value, …]`
   * @param follows whether a piece of the body comes in the same turn, so that both can leave in one write
   */
  head(head: ClientHead, extra: readonly string[], follows: boolean): void;
  /**
   * @returns false where the client reads too slowly: `drained` is called once it has caught up; where it takes nothing
   *   for too long, it is cut off
   */
  piece(piece: Buffer, drained: () => void): boolean;
  /** @param piece the last one, where it comes with the end */
  end(piece: Buffer | undefined): void;
  /** A whole answer of the proxy's own. */
  answer(status: number, headers: readonly string[], body: Buffer): void;
  /** Ends the connection after this answer. */
  last(): void;
  /** Cuts the connection, so that half an answer does not look like a whole one. */
  cut(): void;
  /**
   * After the answer: takes in what is left of the body, so that the client reads the answer (closing at once would
   * reset the connection under it) and the connection can be used again. One that sends more than `most` bytes, or for
   * too long, is cut off.
   */
  discardRest(most: number): void;
}
