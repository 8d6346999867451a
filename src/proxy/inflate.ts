import { createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { type TerritoryError, TerritoryTooLargeError, TerritoryUnsupportedError } from '../territory/errors.js';

/** Whether the proxy can read a body of this `Content-Encoding`: none, gzip, x-gzip or deflate. */
export function inflatable(encoding: string): boolean {
  return DECODERS.has(encoding.trim().toLowerCase());
}

const DECODERS = new Map<string, typeof createGunzip | typeof createInflate | typeof createInflateRaw>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
]);

/**
 * Inflates a body, off the event loop.
 * @param limit most bytes of the result, against bombs: past it `done` gets `TerritoryTooLargeError`
 * @param hold told of each piece of the result as it comes, in bytes; an error that it throws is the end, and goes to `done`
 * @param done gets `TerritoryUnsupportedError` where the bytes are not what the encoding says: Elasticsearch may read
 *   more of them than the proxy could, so they don't go on
 * @returns gives up; `done` is not called any more
 */
export function inflateBody(
  encoding: string,
  body: Buffer,
  limit: number,
  hold: (bytes: number) => void,
  done: (error: TerritoryError | undefined, inflated: Buffer) => void,
): () => void {
  const name = encoding.trim().toLowerCase();
  let decoder = DECODERS.get(name);
  if (decoder === undefined) {
    const reason = `a body of Content-Encoding [${encoding}] can't be read: send it plain or as gzip`;
    done(new TerritoryUnsupportedError(reason), body);
    return nothing;
  }
  // `deflate` is zlib's format by the standard, and the bare stream by long habit (RFC 9110, 8.4.1.2).
  if (name === 'deflate' && !hasZlibHeader(body)) decoder = createInflateRaw;
  const stream = decoder();
  const pieces: Buffer[] = [];
  let length = 0;
  const giveUp = (): void => {
    stream.removeAllListeners('data').removeAllListeners('end').destroy();
  };
  stream
    .on('data', (piece: Buffer) => {
      length += piece.length;
      try {
        if (length > limit) throw tooLarge(limit);
        hold(piece.length);
      } catch (error) {
        giveUp();
        done(error as TerritoryError, body);
        return;
      }
      pieces.push(piece);
    })
    .on('end', () => done(undefined, Buffer.concat(pieces, length)))
    .on('error', (error) => {
      done(
        new TerritoryUnsupportedError(`the body is not ${name}, as its Content-Encoding says: ${error.message}`),
        body,
      );
    })
    .end(body);
  return giveUp;
}

function tooLarge(limit: number): TerritoryTooLargeError {
  return new TerritoryTooLargeError(`the inflated body is longer than the ${limit} bytes that limits.bodyBytes allows`);
}

function nothing(): void {}

/** RFC 1950, 2.2: method 8, and the first two bytes a multiple of 31. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
