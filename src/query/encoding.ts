/** Whether bytes can be read as UTF-8 JSON, and whether they may hold the shorthand at all. */
import { isUtf8 } from 'node:buffer';
import { TerritoryUnsupportedError } from '../territory/errors.js';

const ESCAPE = Buffer.from('\\u');
const BACKSLASH = Buffer.from('\\\\');
const WRAPPER = Buffer.from('wrapper');

/**
 * Whether a body must be walked: it holds the name's bytes, or an escape that may write them, in JSON (`\\u0074`) or in a
 * Lucene string (`t\\erritory`), or a query in base64.
 */
export function mayHold(body: Buffer, name: Buffer): boolean {
  if (body.includes(name) || body.includes(WRAPPER)) return true;
  // One byte is searched much faster than two.
  return body.includes(0x5c) && (body.includes(ESCAPE) || body.includes(BACKSLASH));
}

/**
 * Refuses what Elasticsearch would read and the proxy can't: YAML, CBOR, SMILE, UTF-16, UTF-32, and overlong UTF-8, in
 * which the server's parser sees letters that a search for their bytes does not.
 *
 * @throws TerritoryUnsupportedError
 */
export function refuseForeign(body: Buffer, contentType: string | undefined): void {
  const foreign = /yaml|cbor|smile/i.exec(contentType ?? '')?.[0];
  if (foreign !== undefined) {
    throw new TerritoryUnsupportedError(
      `the body is ${foreign.toUpperCase()}, in which the proxy can't find the shorthand; send JSON, or ask Elasticsearch directly`,
    );
  }
  if (isWide(body)) {
    throw new TerritoryUnsupportedError(
      "the body is UTF-16 or UTF-32, in which the proxy can't find the shorthand; send UTF-8",
    );
  }
  if (!isUtf8(body) && hasOverlong(body)) {
    throw new TerritoryUnsupportedError(
      'the body holds overlong UTF-8 sequences; send each character in its shortest form',
    );
  }
}

/** Refuses a `Content-Encoding` that the proxy can't undo. Throws TerritoryUnsupportedError. */
export function refuseEncoding(contentEncoding: string | undefined): void {
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  if (/^(?:|identity|gzip|x-gzip|deflate|x-deflate)$/.test(encoding)) return;
  throw new TerritoryUnsupportedError(
    `the body is compressed with [${encoding}], which the proxy can't read; send it plain, or with gzip or deflate`,
  );
}

/** As Jackson tells encodings apart: by a byte order mark, or by where zeros stand among the first four bytes. */
function isWide(body: Buffer): boolean {
  if (body.length < 2) return false;
  const [a, b] = [body[0]!, body[1]!];
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) return true;
  return a === 0 || b === 0 || body[2] === 0 || body[3] === 0;
}

function hasOverlong(body: Buffer): boolean {
  for (let i = 0; i < body.length; i++) {
    const c = body[i]!;
    if (c === 0xc0 || c === 0xc1) return true;
    if (c === 0xe0 && body[i + 1]! < 0xa0) return true;
    if (c === 0xf0 && body[i + 1]! < 0x90) return true;
  }
  return false;
}
