/** Search templates: what Elasticsearch is asked to render, and the search that comes of it. */
import { TerritorySyntaxError, TerritoryUnsupportedError } from '../territory/errors.js';
import { mayHold } from './encoding.js';
import { placeOfMember } from './json/place-of-member.js';
import { InvalidJson, JsonScanner, textOf } from './json/scanner.js';
import { tooDeep } from './json/too-deep.js';
import { memberOf, valueIfJson } from './json/value.js';
import type { RefusedSearch, RenderAnswer, RenderRequest } from './types.js';
import { lastParameter, readQueryString, withoutParameters } from './url.js';

/** What runs: a template in the request or stored, several of them in lines, or that of a search application. */
export type TemplateKind = 'search' | 'lines' | 'application';

/**
 * Parameters that `_search` takes for its body and a template search reads without using them: the rendered body alone
 * counts (`TransportSearchTemplateAction`).
 */
const UNUSED: ReadonlySet<string> = new Set([
  ...['q', 'df', 'analyzer', 'analyze_wildcard', 'lenient', 'default_operator'],
  ...['from', 'size', 'explain', 'version', 'seq_no_primary_term', 'timeout', 'terminate_after', 'track_scores'],
  ...['stored_fields', 'docvalue_fields', '_source', '_source_includes', '_source_excludes', 'sort', 'stats'],
  ...['suggest_field', 'suggest_text', 'suggest_size', 'suggest_mode'],
]);

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const QUOTE = 0x22;
const COLON = 0x3a;

/** Why there is nothing to search with, as `_msearch` puts it in the place of an answer. */
export type Unsearchable = Pick<RefusedSearch, 'error' | 'status'>;

/** The members of a body that holds nothing but an inline template. */
const INLINE: ReadonlySet<string> = new Set(['source', 'params', 'explain', 'profile']);

/**
 * Whether what a template renders to may hold the shorthand. A stored one may; one in the request does not where the name
 * stands in neither template nor parameters, and no tag touches a letter of the name, or another tag, so that the name
 * can't be put together of pieces.
 */
export function mayRender(body: Buffer, shorthand: string): boolean {
  if (mayHold(body, Buffer.from(shorthand))) return true;
  const template = valueIfJson(body);
  const source = template && memberOf(template, 'source');
  if (template?.kind !== 'object' || source === undefined) return true;
  if (!template.members.every(({ name }) => INLINE.has(name))) return true;
  const text = body.toString('latin1', source.start, source.end);
  if (text.includes('{{=') || text.includes('{{#join')) return true;
  const letters = `[${shorthand.replaceAll('-', '\\-')}]`;
  return new RegExp(`${letters}\\{\\{|\\}\\}\\}?(?:${letters}|\\{\\{)`).test(text);
}

/** The request that renders the template of a request. */
export function renderRequest(kind: TemplateKind, target: string, body: Buffer | undefined): RenderRequest {
  const path = kind === 'application' ? withLastSegment(pathOf(target), '_render_query') : '/_render/template';
  return { method: 'POST', target: path, body };
}

/**
 * What was rendered, cut off behind the object that it must be, for Elasticsearch reads no further; or why it can't be
 * searched with: the search itself is answered an error, too, then.
 *
 * @throws TerritoryUnsupportedError where a shorthand could be in a template that nobody rendered
 */
export function renderedBody(
  kind: TemplateKind,
  { status, body }: RenderAnswer,
  levels: number,
): Buffer | Unsearchable {
  if (status !== 200) return whyNot(kind, status, body);
  if (kind === 'application') return body;
  try {
    return templateOutput(body, levels);
  } catch (error) {
    if (!(error instanceof InvalidJson)) throw error;
    return new TerritorySyntaxError('what the template renders to is no JSON object').toBody();
  }
}

/** The object in `{"template_output":…}`, which stands there as it was rendered, with whatever stands behind it. */
function templateOutput(body: Buffer, levels: number): Buffer {
  // The last brace is that of the answer, which must not close what was left open.
  const scanner = new JsonScanner(body, 0, body.lastIndexOf(CLOSING_BRACE));
  const pass = (byte: number): number => {
    if (scanner.space() !== byte) scanner.fail();
    return scanner.pos++;
  };
  pass(OPENING_BRACE);
  if (scanner.space() !== QUOTE) scanner.fail();
  const name = scanner.pos;
  scanner.string();
  if (textOf(body, name, scanner.pos, scanner.escaped) !== 'template_output') scanner.fail();
  pass(COLON);
  if (scanner.space() !== OPENING_BRACE) scanner.fail();
  const start = scanner.pos;
  if (!scanner.container(levels)) throw tooDeep(levels);
  return body.subarray(start, scanner.pos);
}

/** The target of the search that a template search is. @param rendered the body of a single one */
export function searchTarget(kind: TemplateKind, target: string, rendered: Buffer | undefined, levels: number): string {
  const path = pathOf(target);
  const rest = target.slice(path.length);
  const segments = path.split('/').filter((segment) => segment !== '');
  const to = kind === 'application' ? `/${segments[2]}/_search` : `/${segments.slice(0, -1).join('/')}`;
  const url = readQueryString(to + rest);
  if (url === undefined || rendered === undefined) return to + rest;
  const counts = placeOfMember(rendered, 'track_total_hits', levels)?.kind === 'replace';
  return withoutParameters(url, counts ? new Set([...UNUSED, 'track_total_hits']) : UNUSED);
}

/** `explain` and `profile` of the request, not those of the template, say whether the search explains and profiles. */
export function withFlags(rendered: Buffer, request: Buffer, target: string, levels: number): Buffer {
  const url = readQueryString(target);
  const explain = url && lastParameter(url, 'explain')?.value;
  const template = valueIfJson(request);
  const flag = (name: string) => {
    const value = template && memberOf(template, name);
    return (value?.kind === 'scalar' || value?.kind === 'string') && value.text === 'true';
  };
  const explains = explain === undefined ? flag('explain') : explain !== 'false';
  return withFlag(withFlag(rendered, 'explain', explains, levels), 'profile', flag('profile'), levels);
}

function withFlag(body: Buffer, name: string, wanted: boolean, levels: number): Buffer {
  const place = placeOfMember(body, name, levels);
  if (place === undefined || (place.kind === 'insert' && !wanted)) return body;
  const [start, end] = place.kind === 'replace' ? [place.start, place.end] : [place.at, place.at];
  const text = place.kind === 'replace' ? String(wanted) : `"${name}":true${place.empty ? '' : ','}`;
  return Buffer.concat([body.subarray(0, start), Buffer.from(text), body.subarray(end)]);
}

/**
 * An error of Elasticsearch's own is one that the search gets as well, for it renders in the same way. But who may search
 * with a search application may not always render it, and what other servers on the way answer says nothing.
 */
function whyNot(kind: TemplateKind, status: number, body: Buffer): Unsearchable {
  const error = errorOf(body);
  const same = status === 401 || (error !== undefined && !(kind === 'application' && status === 403));
  if (same) return { error: error ?? {}, status };
  const help =
    kind === 'application'
      ? 'the privilege manage_search_application lets this client render it'
      : 'let this client use POST /_render/template';
  throw new TerritoryUnsupportedError(
    `the template could not be rendered (HTTP ${status}), so that a shorthand in it can't be expanded; ${help}`,
  );
}

function errorOf(body: Buffer): object | undefined {
  try {
    const { error } = JSON.parse(body.toString()) as { error?: unknown };
    if (typeof error === 'object' && error !== null) return error;
    // A server without the module has neither of the two endpoints.
    return typeof error === 'string' && error.startsWith('no handler found') ? { reason: error } : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(target: string): string {
  const stop = target.search(/[?#]/);
  return stop < 0 ? target : target.slice(0, stop);
}

function withLastSegment(path: string, last: string): string {
  return path.replace(/[^/]+\/*$/, last);
}
