import { TerritoryUnsupportedError } from '../territory/errors.js';

/**
 * Headers as flat lists `[name, value, name, value, …]`, as they came: order, case and repetitions stay, but for the
 * ones that speak of one connection only (RFC 9110, 7.6.1).
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers of a request that each hop makes anew: the length is that of the body that leaves, `Expect` is answered here. */
const REMADE = new Set(['content-length', 'expect']);

/** These stay even where `Connection` names them: without them the message would mean something else. */
const NEVER_NAMED = new Set(['host', 'content-length', 'content-type', 'content-encoding', 'authorization']);

/** The value of a header in a flat list; `undefined` where there is none, the first of several. */
export function headerValue(list: readonly string[], name: string): string | undefined {
  for (let i = 0; i < list.length; i += 2) {
    if (list[i]!.length === name.length && list[i]!.toLowerCase() === name) return list[i + 1];
  }
  return undefined;
}

/** How often a header stands in a flat list. */
export function headerCount(list: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i]!.length === name.length && list[i]!.toLowerCase() === name) count++;
  }
  return count;
}

/**
 * The headers of a request as they go on: without those of the connection, those that `Connection` names, the length and
 * `Expect`.
 * @param without further names (lower case) to leave out
 */
export function forwardedHeaders(raw: readonly string[], without?: ReadonlySet<string>): string[] {
  const named = namedInConnection(raw);
  const list: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (HOP_BY_HOP.has(name) || REMADE.has(name) || without?.has(name) || named?.has(name)) continue;
    list.push(raw[i]!, raw[i + 1]!);
  }
  return list;
}

/** The headers of an answer as they go on, from those that came: the length stays, for the body does. */
export function answeredHeaders(raw: readonly string[]): string[] {
  const named = namedInConnection(raw);
  const list: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !named?.has(name)) list.push(raw[i]!, raw[i + 1]!);
  }
  return list;
}

/**
 * A flat list as the lines of a head.
 * @throws TerritoryUnsupportedError for a name or value that would not be one header there (RFC 9110, 5)
 */
export function headerLines(list: readonly string[]): string {
  let lines = '';
  for (let i = 0; i < list.length; i += 2) {
    const [name, value] = [list[i]!, list[i + 1]!];
    if (!NAME.test(name) || NO_VALUE.test(value)) {
      throw new TerritoryUnsupportedError(`the header [${name}] can't be forwarded: it holds bytes that no header may`);
    }
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/** The same for headers that are known to be good. */
export function trustedLines(list: readonly string[]): string {
  let lines = '';
  for (let i = 0; i < list.length; i += 2) lines += `${list[i]}: ${list[i + 1]}\r\n`;
  return lines;
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** What `Connection` names beside `close` and `keep-alive`, in lower case; `undefined` for nothing. */
function namedInConnection(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.length !== 10 || raw[i]!.toLowerCase() !== 'connection') continue;
    const value = raw[i + 1]!;
    if (value === 'keep-alive' || value === 'close') continue;
    for (const token of value.split(',')) {
      const name = token.trim().toLowerCase();
      if (name === '' || name === 'close' || name === 'keep-alive' || NEVER_NAMED.has(name)) continue;
      named ??= new Set();
      named.add(name);
    }
  }
  return named;
}
