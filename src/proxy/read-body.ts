import type { IncomingMessage } from 'node:http';
import { TerritoryTooLargeError } from '../territory/errors.js';

/** The error for a body over the limit. */
export function bodyTooLarge(limit: number): TerritoryTooLargeError {
  return new TerritoryTooLargeError(`the body is longer than the ${limit} bytes that limits.bodyBytes allows`);
}

/**
 * Reads a body whole. `done` is called once, with the bytes or with `TerritoryTooLargeError`; never when the client goes
 * away first.
 * @param limit most bytes; reading stops past it
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (error: TerritoryTooLargeError | undefined, body: Buffer) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limit) {
      request.off('data', onData).off('end', onEnd);
      request.pause();
      done(bodyTooLarge(limit), EMPTY);
    } else if (first === undefined) {
      first = chunk;
    } else if (more === undefined) {
      more = [first, chunk];
    } else {
      more.push(chunk);
    }
  };
  const onEnd = (): void => done(undefined, more === undefined ? (first ?? EMPTY) : Buffer.concat(more, length));
  request.on('data', onData).on('end', onEnd);
}

const EMPTY = Buffer.alloc(0);
