import type { IncomingMessage } from 'node:http';
import { bodyTooLarge } from './read-body.js';
import type { BodySink, StreamedBody } from './upstream/streamed-body.js';

/**
 * The body of a request of node:http on its way through: counted, cut off with `TerritoryTooLargeError` past the limit,
 * and read from the client only as fast as it leaves.
 */
export class CountedBody implements StreamedBody {
  readonly #request: IncomingMessage;
  readonly #limit: number;
  readonly length: number | undefined;
  #sink: BodySink | undefined;
  bytes = 0;

  constructor(request: IncomingMessage, length: number | undefined, limit: number) {
    this.#request = request;
    this.length = length;
    this.#limit = limit;
  }

  flow(to: BodySink): void {
    this.#sink = to;
    this.#request.on('data', this.#onData).on('end', this.#onEnd).resume();
  }

  resume(): void {
    this.#request.resume();
  }

  stop(): void {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    this.#request.off('data', this.#onData).off('end', this.#onEnd).pause();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes > this.#limit) this.#sink?.failed(bodyTooLarge(this.#limit));
    else if (this.#sink?.piece(chunk) === false) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.#sink?.whole();
  };
}
