/**
 * The bytes of a text in base64 as Elasticsearch's parser decodes it: white space and control characters are passed over, and
 * after padding it goes on, so that a text may be put together of several. Node would stop there.
 */
export function fromBase64(text: string): Buffer {
  const pieces = text.replace(/[\0- ]/g, '').match(/[^=]+=*/g) ?? [];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}
