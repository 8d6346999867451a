import { TerritoryUnsupportedError } from '../territory/errors.js';
import type { DefaultOperator, Edit, QueryStringSettings } from './lucene/index.js';
import { lastParameter, queryEnd, type UrlParameter, type UrlQueryString, withoutParameters } from './url.js';

/**
 * Which query counts where a request has `q` in its URL and a body. `over-body`: `q` takes the place of the body's query
 * (`_search`, `_async_search`, by-query operations). `without-body`: `q` is read only where there is no body (`_count`,
 * `_cat/count`, `_explain`, `_validate/query`); beside one Elasticsearch answers 400.
 */
export type UrlSearchRule = 'over-body' | 'without-body';

/** The longest request line that is sent, in bytes; Elasticsearch's own limit is `http.max_initial_line_length`, 4 kB. */
export const MAX_REQUEST_LINE = 4000;

/** A search that stands in the URL. */
export interface UrlSearch {
  readonly url: UrlQueryString;
  /** The parameter `q` that counts. */
  readonly parameter: UrlParameter;
  /** Its value, decoded. */
  readonly q: string;
  readonly defaultOperator: DefaultOperator;
  /** As `whyNotWrittenIn` takes them. */
  readonly settings: QueryStringSettings;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'q',
  'df',
  'default_operator',
  'analyzer',
  'lenient',
  'analyze_wildcard',
]);

/**
 * The search in a URL, on an endpoint that reads one; undefined where there is no `q`.
 *
 * @throws TerritoryUnsupportedError where `df` names the shorthand
 */
export function readUrlSearch(url: UrlQueryString, shorthand: string): UrlSearch | undefined {
  const df = lastParameter(url, 'df')?.value;
  if (df === shorthand || df?.startsWith(`${shorthand}.`)) {
    throw new TerritoryUnsupportedError(
      `[${df}] is a shorthand and no field, so [df] can't name it; write q=${shorthand}:CODE`,
    );
  }
  const parameter = lastParameter(url, 'q');
  if (parameter === undefined) return undefined;
  const operator = lastParameter(url, 'default_operator')?.value;
  return {
    url,
    parameter,
    q: parameter.value,
    defaultOperator: operator?.toUpperCase() === 'AND' ? 'and' : 'or',
    settings: { analyzer: lastParameter(url, 'analyzer')?.value },
  };
}

/**
 * The target with the edits made in `q` itself, or undefined where the request line would be too long. Bytes outside the
 * edits stay as they are.
 */
export function editUrlSearch(search: UrlSearch, list: readonly Edit[], method: string): string | undefined {
  const { url, parameter } = search;
  const { target } = keepSuggestText(search);
  const value = editValue(url.target.slice(parameter.valueStart, parameter.end), search.q, list);
  const edited = target.slice(0, parameter.valueStart) + value + target.slice(parameter.end);
  const line = `${method} ${edited} HTTP/1.1`;
  return line.length <= MAX_REQUEST_LINE ? edited : undefined;
}

/**
 * The search as a query for the body, and the target without it: what `RestActions.urlParamsToQueryBuilder` makes of the
 * parameters, `analyze_wildcard` switched off where it is not given.
 *
 * @param text the query string, its shorthand replaced
 * @returns `query`: JSON text of the `query_string`; see also `querySettings` for one that is split
 */
export function moveUrlSearch(search: UrlSearch, text: string): { target: string; query: string } {
  const query = JSON.stringify({ query_string: { query: text, ...querySettings(search) } });
  const { url } = search;
  const kept = withoutParameters(url, PARAMETERS);
  if (!takesSuggestText(url)) return { target: kept, query };
  const raw = url.target.slice(search.parameter.valueStart, search.parameter.end);
  return { target: insertParameter(kept, `suggest_text=${raw}`), query };
}

/** The other parameters as members of a `query_string`. */
export function querySettings({ url }: UrlSearch): Record<string, string | boolean> {
  const value = (name: string) => lastParameter(url, name)?.value;
  const settings: Record<string, string | boolean> = {};
  const [field, analyzer, lenient, operator] = ['df', 'analyzer', 'lenient', 'default_operator'].map(value);
  if (field !== undefined) settings.default_field = field;
  if (operator !== undefined) settings.default_operator = operator;
  if (analyzer !== undefined) settings.analyzer = analyzer;
  if (lenient !== undefined && lenient.trim() !== '') settings.lenient = boolean(lenient);
  settings.analyze_wildcard = boolean(value('analyze_wildcard') ?? 'false', true);
  return settings;
}

/** Where a query is to stand in a body. */
export type QueryPlace =
  /** The value of the body's own `query`. */
  | { readonly kind: 'replace'; readonly start: number; readonly end: number }
  /** Right after the brace that opens the body, which has no `query`; `empty`: it has no members at all. */
  | { readonly kind: 'insert'; readonly at: number; readonly empty: boolean };

/** A body with this query; all its other bytes stay. Without a body the query becomes one. */
export function bodyWithQuery(query: string, body?: Buffer, place?: QueryPlace): Buffer {
  if (body === undefined || place === undefined) return Buffer.from(`{"query":${query}}`);
  const [start, end] = place.kind === 'replace' ? [place.start, place.end] : [place.at, place.at];
  const text = place.kind === 'replace' ? query : `"query":${query}${place.empty ? '' : ','}`;
  return Buffer.concat([body.subarray(0, start), Buffer.from(text), body.subarray(end)]);
}

/** A body that is carried in the URL. */
export interface SourceBody {
  readonly body: Buffer;
  readonly contentType: string;
  /** The target without it. */
  readonly target: string;
}

/**
 * The body in `?source=`, which counts where the request has no other. Undefined where there is none, or where
 * `source_content_type` is missing, to which Elasticsearch answers 400.
 */
export function takeSource(url: UrlQueryString): SourceBody | undefined {
  const source = lastParameter(url, 'source')?.value;
  const contentType = lastParameter(url, 'source_content_type')?.value;
  if (source === undefined || contentType === undefined) return undefined;
  const target = withoutParameters(url, new Set(['source', 'source_content_type']));
  return { body: Buffer.from(source), contentType, target };
}

/** Elasticsearch takes only these two words; any other it is to refuse itself. */
function boolean(value: string, ifEmpty?: boolean): string | boolean {
  if (value === '' && ifEmpty !== undefined) return ifEmpty;
  return value === 'true' || (value === 'false' ? false : value);
}

/** `q` is also the text of a term suggester that is given no other. */
function takesSuggestText(url: UrlQueryString): boolean {
  return lastParameter(url, 'suggest_field') !== undefined && lastParameter(url, 'suggest_text') === undefined;
}

function keepSuggestText({ url, parameter }: UrlSearch): { target: string } {
  if (!takesSuggestText(url)) return { target: url.target };
  const raw = url.target.slice(parameter.valueStart, parameter.end);
  return { target: insertParameter(url.target, `suggest_text=${raw}`) };
}

/** At the end, so that offsets before it still hold. */
function insertParameter(target: string, parameter: string): string {
  const stop = queryEnd(target);
  const separator = target.includes('?') && target.indexOf('?') < stop ? '&' : '?';
  return target.slice(0, stop) + separator + parameter + target.slice(stop);
}

function editValue(raw: string, text: string, list: readonly Edit[]): string {
  let edited = '';
  let from = 0;
  const offset = rawOffsets(raw, text);
  const part = (start: number, end: number) =>
    offset === undefined ? encodeURIComponent(text.slice(start, end)) : raw.slice(offset(start), offset(end));
  for (const edit of list) {
    edited += part(from, edit.start) + encodeURIComponent(edit.text);
    from = edit.end;
  }
  return edited + part(from, text.length);
}

/**
 * From an offset in the decoded text to that in the raw one. Undefined where bytes were lost in decoding, or where an
 * escape among plain bytes beyond ASCII would change how Elasticsearch reads these.
 */
function rawOffsets(raw: string, text: string): ((offset: number) => number) | undefined {
  if (text.includes('\ufffd') || (!/[%+]/.test(raw) && /[^\0-\x7f]/.test(raw))) return undefined;
  const starts: number[] = [];
  for (let i = 0; i < raw.length; i++) {
    starts.push(i);
    if (raw[i] === '%') i += raw[i + 1] === '%' ? 1 : 2;
  }
  starts.push(raw.length);
  return (offset) => starts[Buffer.byteLength(text.slice(0, offset))] as number;
}
