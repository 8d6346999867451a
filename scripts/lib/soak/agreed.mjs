import { createHash } from 'node:crypto';

const PIECE = Buffer.alloc(64 * 1024, '{"_id":"0123456789","_source":{"text":"salaire minimum"}},\n');

/** The first bytes of an endless text that clients and stub both know. */
export function bigAnswer(bytes) {
  return Buffer.concat(Array(Math.ceil(bytes / PIECE.length)).fill(PIECE)).subarray(0, bytes);
}

export const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');
