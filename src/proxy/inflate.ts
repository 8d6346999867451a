import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { type TerritoryError, TerritoryTooLargeError, TerritoryUnsupportedError } from '../territory/errors.js';

/** Whether the proxy can read a body of this `Content-Encoding`: none, gzip, x-gzip or deflate. */
export function inflatable(encoding: string): boolean {
  return DECODERS.has(encoding.trim().toLowerCase());
}

const DECODERS = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
]);

/**
 * Inflates a body, off the event loop.
 * @param limit most bytes of the result, against bombs: past it `done` gets `TerritoryTooLargeError`
 * @param done gets `TerritoryUnsupportedError` where the bytes are not what the encoding says: Elasticsearch may read
 *   more of them than the proxy could, so they don't go on
 */
export function inflateBody(
  encoding: string,
  body: Buffer,
  limit: number,
  done: (error: TerritoryError | undefined, inflated: Buffer) => void,
): void {
  const name = encoding.trim().toLowerCase();
  let decode = DECODERS.get(name);
  if (decode === undefined) {
    done(
      new TerritoryUnsupportedError(`a body of Content-Encoding [${encoding}] can't be read: send it plain or as gzip`),
      body,
    );
    return;
  }
  // `deflate` is zlib's format by the standard, and the bare stream by long habit (RFC 9110, 8.4.1.2).
  if (name === 'deflate' && !hasZlibHeader(body)) decode = inflateRaw;
  decode(body, { maxOutputLength: limit }, (error, inflated) => {
    if (error === null) done(undefined, inflated);
    else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      done(
        new TerritoryTooLargeError(`the inflated body is longer than the ${limit} bytes that limits.bodyBytes allows`),
        body,
      );
    } else {
      done(
        new TerritoryUnsupportedError(`the body is not ${name}, as its Content-Encoding says: ${error.message}`),
        body,
      );
    }
  });
}

/** RFC 1950, 2.2: method 8, and the first two bytes a multiple of 31. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
