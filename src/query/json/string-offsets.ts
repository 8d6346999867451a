/**
 * Where each UTF-16 unit of a JSON string stands in its bytes, and, last, where the string ends; `undefined` where the
 * bytes are no UTF-8, so that units and bytes can't be told to belong together.
 *
 * @param start of the opening quote
 * @param end past the closing quote
 */
export function stringOffsets(buffer: Uint8Array, start: number, end: number): number[] | undefined {
  const offsets: number[] = [];
  let pos = start + 1;
  while (pos < end - 1) {
    const c = buffer[pos]!;
    offsets.push(pos);
    if (c === 0x5c) pos += buffer[pos + 1] === 0x75 ? 6 : 2;
    else if (c < 0x80) pos++;
    else {
      const length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
      if (length === 0 || pos + length > end - 1) return undefined;
      for (let i = 1; i < length; i++) if ((buffer[pos + i]! & 0xc0) !== 0x80) return undefined;
      if (length === 4) offsets.push(pos);
      pos += length;
    }
  }
  offsets.push(end - 1);
  return offsets;
}
