import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UnitFileError } from './unit-file-error.js';

/**
 * The bytes of a file, of `stdin` for `-`, piece by piece; gzip is recognised by its first two bytes and inflated.
 *
 * @throws UnitFileError where the file can't be read or its gzip is damaged
 */
export async function* readBytes(file: string, stdin: Readable = process.stdin): AsyncIterableIterator<Buffer> {
  const source = file === '-' ? stdin : createReadStream(file);
  const name = file === '-' ? 'standard input' : file;
  try {
    const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
    const { head, isGzip } = await peek(chunks);
    const all = join(head, chunks);
    if (isGzip) yield* inflate(all);
    else yield* all;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnitFileError(`there is no file ${name}`, { cause: error });
    if (code === 'EISDIR') throw new UnitFileError(`${name} is a folder; give a file of units`, { cause: error });
    if (code?.startsWith('Z_')) throw new UnitFileError(`the gzip of ${name} is damaged: ${message}`, { cause: error });
    throw new UnitFileError(`${name} can't be read: ${message}`, { cause: error });
  } finally {
    source.destroy();
  }
}

async function peek(chunks: AsyncIterator<Buffer>): Promise<{ head: Buffer; isGzip: boolean }> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, isGzip: head[0] === 0x1f && head[1] === 0x8b };
}

async function* join(head: Buffer, rest: AsyncIterator<Buffer>): AsyncIterableIterator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* inflate(bytes: AsyncIterable<Buffer>): AsyncIterableIterator<Buffer> {
  // The error of a broken pipeline reaches the reader of its last stream; there is nothing left to do here.
  const gunzip = pipeline(Readable.from(bytes), createGunzip(), () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}
