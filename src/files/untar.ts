const BLOCK = 512;

/** Where the members of a header lie, in bytes (POSIX ustar). */
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const TYPE = 156;

/** The plain files of an uncompressed tar archive, with their names as they stand in it. Other members are skipped. */
export function* untar(archive: Buffer): IterableIterator<{ name: string; content: Buffer }> {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(textOf(header, SIZE), 8) || 0;
    const begin = at + BLOCK;
    const type = header[TYPE];
    if (begin + size > archive.length) throw new RangeError(`the archive ends within ${textOf(header, NAME)}`);
    // '0', or 0 in old archives, is a plain file.
    if (type === 0x30 || type === 0)
      yield { name: textOf(header, NAME), content: archive.subarray(begin, begin + size) };
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function textOf(header: Buffer, [begin, end]: readonly [number, number]): string {
  return header.subarray(begin, end).toString('utf8').split('\0', 1)[0]!.trim();
}
