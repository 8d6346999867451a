import type { IncomingMessage } from 'node:http';
import { type TerritoryError, TerritoryTooLargeError } from '../territory/errors.js';

/** The error for a body over the limit. */
export function bodyTooLarge(limit: number): TerritoryTooLargeError {
  return new TerritoryTooLargeError(`the body is longer than the ${limit} bytes that limits.bodyBytes allows`);
}

/**
 * Reads a body whole. `done` is called once, with the bytes or with an error; never when the client goes away first.
 * @param grows told the length so far; an error that it returns stops the reading
 */
export function readBody(
  request: IncomingMessage,
  grows: (length: number) => TerritoryError | undefined,
  done: (error: TerritoryError | undefined, body: Buffer) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    const error = grows(length);
    if (error !== undefined) {
      request.off('data', onData).off('end', onEnd);
      request.pause();
      done(error, EMPTY);
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
