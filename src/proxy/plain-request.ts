import { type HeaderValues, noValues, READ_NAMES, type ReadName } from './read-headers.js';

/** What is longer than this goes to node:http. */
const LONGEST = 16 * 1024;

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'] as const;
const VERSION = ' HTTP/1.1\r\n';

/** tchar of RFC 9110, 5.6.2. */
const NAME = table("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
/** What may stand in an origin-form target: printable ASCII but for the fragment's #. */
const TARGET = table(printable().replace(/[ #]/g, ''));
const VALUE = table(printable());

/** Headers that speak of the connection, or change what the rest means: with one of them a request is not plain. */
const FOREIGN = ['transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'keep-alive', 'proxy-connection'];

/** What the name of a header means, by its length: most lengths are those of no name that matters. */
const BY_LENGTH: (readonly string[] | undefined)[] = [];
for (const name of [...READ_NAMES, ...FOREIGN, 'connection', 'content-length']) {
  BY_LENGTH[name.length] = [...(BY_LENGTH[name.length] ?? []), name];
}

/** The head of a plain request. */
export interface PlainHead {
  readonly method: string;
  readonly target: string;
  /** Where the body begins. */
  readonly end: number;
  /** `Content-Length`; `undefined` where there is none. */
  readonly length: number | undefined;
  /** Each of these may stand once. */
  readonly values: HeaderValues;
  /** The lines of the headers that go on: all but `Connection` and `Content-Length`. */
  readonly lines: string;
}

/**
 * Reads the head of a request where it is plain, by a whitelist: HTTP/1.1, a known method, a path as target, headers of
 * printable ASCII written `Name: value`, one `Host`, at most one `Content-Length` and no other framing, `Connection` at
 * most as `keep-alive`. Everything else, what has not come whole included, is for node:http: `undefined`. What is read
 * here node:http reads in the same way, byte for byte; test/proxy/plain-request.test.ts looks for a request of which
 * that is not true.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const method = methodOf(bytes);
  if (method === undefined) return undefined;
  const targetAt = method.length + 1;
  if (bytes[targetAt] !== 0x2f) return undefined;
  let at = targetAt;
  while (TARGET[bytes[at]!] === 1) at++;
  const targetEnd = at;
  if (!startsWith(bytes, at, VERSION)) return undefined;
  at += VERSION.length;
  const headersAt = at;

  const values = noValues();
  let length: number | undefined;
  let connection = false;
  // The lines up to here that go on, and where the next ones begin.
  let lines = '';
  let from = headersAt;
  while (bytes[at] !== CR) {
    const start = at;
    while (NAME[bytes[at]!] === 1) at++;
    const nameLength = at - start;
    if (nameLength === 0 || bytes[at] !== COLON || bytes[at + 1] !== SPACE) return undefined;
    at += 2;
    const valueAt = at;
    while (VALUE[bytes[at]!] === 1) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return undefined;
    if (at === valueAt || bytes[valueAt] === SPACE || bytes[at - 1] === SPACE) return undefined;
    const name = nameOf(bytes, start, nameLength);
    if (name !== undefined) {
      const value = bytes.toString('latin1', valueAt, at);
      if (name === 'connection' || name === 'content-length') {
        if (name === 'connection') {
          if (connection || value.toLowerCase() !== 'keep-alive') return undefined;
          connection = true;
        } else {
          if (length !== undefined || !LENGTH.test(value)) return undefined;
          length = Number(value);
        }
        if (start > from) lines += bytes.toString('latin1', from, start);
        from = at + 2;
      } else {
        if (FOREIGN.includes(name) || values[name as ReadName] !== undefined) return undefined;
        values[name as ReadName] = value;
      }
    }
    at += 2;
    if (at > LONGEST) return undefined;
  }
  if (bytes[at + 1] !== LF || values.host === undefined) return undefined;
  if (at > from) lines += bytes.toString('latin1', from, at);
  return { method, target: bytes.toString('latin1', targetAt, targetEnd), end: at + 2, length, values, lines };
}

const LENGTH = /^(?:0|[1-9]\d{0,14})$/;

function methodOf(bytes: Buffer): string | undefined {
  for (const method of METHODS) {
    if (bytes[method.length] === SPACE && startsWith(bytes, 0, method)) return method;
  }
  return undefined;
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The name of a header in lower case, where it is one that matters. */
function nameOf(bytes: Buffer, at: number, length: number): string | undefined {
  const names = BY_LENGTH[length];
  if (names === undefined) return undefined;
  next: for (const name of names) {
    // The bit that sets lower case apart from upper; among the bytes of names `-` has it, and nothing else becomes `-`.
    for (let i = 0; i < length; i++) if ((bytes[at + i]! | 0x20) !== name.charCodeAt(i)) continue next;
    return name;
  }
  return undefined;
}

function table(characters: string): Uint8Array {
  const legal = new Uint8Array(256);
  for (const character of characters) legal[character.charCodeAt(0)] = 1;
  return legal;
}

function printable(): string {
  return String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, i) => 0x20 + i));
}
