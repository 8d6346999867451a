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

/**
 * The headers of an answer as they go on: the length stays, for the body does.
 * @param raw names and values in turn, as bytes
 */
export function answeredHeaders(raw: readonly Buffer[], without?: ReadonlySet<string>): string[] {
  const list: string[] = [];
  let connection = false;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toString('latin1');
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) connection ||= lower === 'connection';
    else if (!without?.has(lower)) list.push(name, raw[i + 1]!.toString('latin1'));
  }
  if (!connection) return list;
  const named = namedInConnection(raw.map((bytes) => bytes.toString('latin1')));
  if (named === undefined) return list;
  const kept: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    if (!named.has(list[i]!.toLowerCase())) kept.push(list[i]!, list[i + 1]!);
  }
  return kept;
}

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
