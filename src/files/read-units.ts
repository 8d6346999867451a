import type { Readable } from 'node:stream';
import type { BuildFault } from '../territory/errors.js';
import type { UnitInput } from '../territory/unit.js';
import { readCsv } from './csv.js';
import { readNdjson } from './ndjson.js';
import { readBytes } from './read-bytes.js';
import { UnitFileError } from './unit-file-error.js';

/**
 * The units in a file, or in `stdin` for `-`, with their line numbers: NDJSON or CSV, which is told by the first
 * character, either also as gzip. Lines that can't be read come as faults, so that a build can name them with the rest.
 *
 * @throws UnitFileError where the file can't be read as a whole
 */
export async function* readUnits(file: string, stdin?: Readable): AsyncIterableIterator<UnitInput | BuildFault> {
  const chunks = readBytes(file, stdin);
  const begun: Buffer[] = [];
  let first: string | undefined;
  while (first === undefined) {
    const { value, done } = await chunks.next();
    if (done) break;
    begun.push(value);
    first = /[^\s\ufeff]/u.exec(Buffer.concat(begun).toString('utf8'))?.[0];
  }
  if (first === '[') throw new UnitFileError(`${file} is a JSON array; write its units as lines, each a JSON object`);
  const all = (async function* () {
    yield* begun;
    yield* chunks;
  })();
  yield* first === '{' ? readNdjson(all) : readCsv(all);
}
