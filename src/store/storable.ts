/** An escape of JSON: of NUL, of half a pair of surrogates (a whole pair stands unescaped), or any other. */
const ESCAPE = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g;

/** A text as Postgres takes it: without NUL. (Half a pair is replaced where it is made UTF-8.) */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

/** A value as JSON that a `jsonb` takes: what is no text for Postgres is replaced. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPE, (one) => (one.length > 2 ? '\\ufffd' : one));
}
