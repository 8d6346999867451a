import { TerritoryTooLargeError } from '../territory/errors.js';

/** Bytes that take the place of others. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/**
 * The body with the splices made; all other bytes stay. They are in order and don't overlap.
 *
 * @throws TerritoryTooLargeError, before anything is built, where the result would be longer than `limit` bytes
 */
export function splice(body: Buffer, splices: readonly Splice[], limit: number): Buffer {
  let length = body.length;
  for (const { start, end, bytes } of splices) length += bytes.length - (end - start);
  checkLength(length, limit);
  const spliced = Buffer.allocUnsafe(length);
  let from = 0;
  let at = 0;
  for (const { start, end, bytes } of splices) {
    at += body.copy(spliced, at, from, start);
    at += bytes.copy(spliced, at);
    from = end;
  }
  body.copy(spliced, at, from);
  return spliced;
}

/** Throws TerritoryTooLargeError. */
export function checkLength(length: number, limit: number): void {
  if (length <= limit) return;
  throw new TerritoryTooLargeError(
    `the body would become at least ${length} bytes long with its territories expanded; the limit is ${limit} ("limits.expandedBytes")`,
  );
}
