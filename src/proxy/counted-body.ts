import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { bodyTooLarge } from './read-body.js';

/**
 * The body of a request on its way through: counted, cut off with `TerritoryTooLargeError` past the limit, and read from
 * the client only as fast as it leaves. It stands between the two because whoever destroys a request's own stream closes
 * the client's connection, and then no error can be told.
 */
export class CountedBody extends Readable {
  readonly #request: IncomingMessage;
  /** Body bytes that came so far. */
  bytes = 0;

  constructor(request: IncomingMessage, limit: number) {
    super({ highWaterMark: 128 * 1024 });
    this.#request = request;
    request.on('data', this.#onData).on('end', this.#onEnd).pause();
    this.#limit = limit;
  }

  readonly #limit: number;

  readonly #onData = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes > this.#limit) this.destroy(bodyTooLarge(this.#limit));
    else if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  override _read(): void {
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#request.off('data', this.#onData).off('end', this.#onEnd);
    done(error);
  }
}
