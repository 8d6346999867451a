const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of some bytes, without `\n` or `\r\n`, as many at a time as each chunk completes: awaiting every line would
 * take longer than reading it.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncIterableIterator<Buffer[]> {
  /** The pieces of a line that goes on in the next chunk. */
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      lines.push(withoutReturn(begun.length === 0 ? piece : Buffer.concat([...begun, piece])));
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [withoutReturn(Buffer.concat(begun))];
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
