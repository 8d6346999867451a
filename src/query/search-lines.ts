/** The searches of an `_msearch`: how its lines are cut into headers and bodies, and which indices a header names. */
import { InvalidJson, JsonScanner } from './json/scanner.js';
import { memberOf, valueIfJson } from './json/value.js';
import type { RefusedSearch } from './types.js';

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;

/** One search: a header line and a body line, each with its newline. */
export interface Search {
  readonly header: Buffer;
  readonly body: Buffer;
}

/** The searches of a body, and what stands before and behind them. */
export interface SearchLines<S = Search | Pick<RefusedSearch, 'error' | 'status'>> {
  readonly lead: Buffer;
  /** Those whose body could not be had are refused already. */
  readonly searches: readonly S[];
  readonly rest: Buffer;
}

/**
 * The ways in which a body may be cut into searches: one, or two where it begins with a newline. Elasticsearch 7 skips that
 * newline (as 8 does for clients of 7); 8 takes it for the empty header of the first search. So what is a body in one way
 * is a header in the other, where anything that is no header makes Elasticsearch refuse the whole request.
 */
export function cutsOf(body: Buffer): SearchLines<Search>[] {
  return body[0] === NEWLINE ? [searchesFrom(body, 1), searchesFrom(body, 0)] : [searchesFrom(body, 0)];
}

/** As Elasticsearch cuts it: a header may be empty, and the last one without a body is left alone. */
function searchesFrom(body: Buffer, start: 0 | 1): SearchLines<Search> {
  const searches: Search[] = [];
  let from: number = start;
  for (;;) {
    const headerEnd = body.indexOf(NEWLINE, from);
    if (headerEnd < 0 || headerEnd + 1 >= body.length) break;
    const bodyEnd = body.indexOf(NEWLINE, headerEnd + 1);
    const end = bodyEnd < 0 ? body.length : bodyEnd + 1;
    searches.push({ header: body.subarray(from, headerEnd + 1), body: body.subarray(headerEnd + 1, end) });
    from = end;
  }
  return { lead: body.subarray(0, start), searches, rest: body.subarray(from) };
}

/**
 * The index expression of a header: `undefined` where it names none, and empty, for any index, where it can't be told which
 * (Elasticsearch 7 reads deeper than the scanner, and a number may be a name).
 */
export function indicesOf(header: Buffer): string | undefined {
  if (!mayBeObject(header)) return undefined;
  const value = valueIfJson(header);
  if (value === undefined) return '';
  const named = memberOf(value, 'index') ?? memberOf(value, 'indices');
  if (named === undefined) return undefined;
  const names = named.kind === 'array' ? named.items : [named];
  return names.every((name) => name.kind === 'string') ? names.map(({ text }) => text).join(',') : '';
}

/** Nothing but white space, and what is no object, count as an empty header where they are not refused. */
function mayBeObject(header: Buffer): boolean {
  if (header.length <= 1) return false;
  const scanner = new JsonScanner(header);
  scanner.mark();
  try {
    return scanner.space() === OPEN_BRACE;
  } catch (error) {
    if (error instanceof InvalidJson) return true;
    throw error;
  }
}
