import { memberOf, valueIfJson } from './json/value.js';
import { cutsOf, indicesOf, type Search, type SearchLines } from './search-lines.js';
import { mayRender, renderedBody, renderRequest, withFlags } from './template.js';
import type { Outcome, RenderRequest } from './types.js';

type Settled = Exclude<Outcome, { kind: 'render' }>;

/** A request that searches with a template a line. */
export interface TemplateLines {
  readonly body: Buffer;
  readonly shorthand: string;
  /** How deep JSON may nest. */
  readonly levels: number;
  /** Whether a search may mean a configured index, by the indices that its header names. */
  readonly means: (indices: string | undefined) => boolean;
}

const PASS: Settled = { kind: 'pass' };
const NEWLINE = 0x0a;
/** Each template has one of these. */
const TEMPLATE = ['source', 'id'];

/**
 * Templates in lines: each rendered (equal ones once), then looked at as the `_msearch` that they are. One that can't be
 * rendered takes its error to its own place, where something in another is expanded; else the client's own request goes
 * on.
 *
 * @param rewrite the outcome of an `_msearch` of these searches
 */
export function renderLines(
  { body, shorthand, levels, means }: TemplateLines,
  rewrite: (lines: SearchLines) => Settled,
): Outcome {
  // Elasticsearch refuses it as a whole.
  if (body[body.length - 1] !== NEWLINE) return PASS;
  const cut = cutsOf(body).find(hasOnlyHeaders);
  if (cut === undefined) return PASS;
  const { lead, searches, rest } = cut;
  if (!searches.some((search) => means(indicesOf(search.header)) && mayRender(search.body, shorthand))) return PASS;
  const asks: RenderRequest[] = [];
  const askOf = new Map<string, number>();
  const places = searches.map((search) => {
    const template = search.body.subarray(0, -1);
    const key = template.toString('latin1');
    const place = askOf.get(key) ?? asks.push(renderRequest('lines', '', template)) - 1;
    askOf.set(key, place);
    return place;
  });
  return {
    kind: 'render',
    asks,
    rendered: (answers) => {
      // Who may not ask at all is told so for the whole request.
      if (answers.some(({ status }) => status === 401)) return PASS;
      const rendered = searches.map((search, i) => {
        const found = renderedBody('lines', answers[places[i]!]!, levels);
        if (!Buffer.isBuffer(found)) return found;
        const line = onOneLine(withFlags(found, search.body, '', levels));
        return { header: search.header, body: Buffer.concat([line, Buffer.of(NEWLINE)]) };
      });
      return rewrite({ lead, searches: rendered, rest });
    },
  };
}

/** Whether no template stands where a header must, for which Elasticsearch refuses the request as a whole. */
function hasOnlyHeaders({ searches, rest }: SearchLines<Search>): boolean {
  return [...searches.map(({ header }) => header), rest].every((line) => {
    const value = valueIfJson(line);
    return value === undefined || !TEMPLATE.some((name) => memberOf(value, name) !== undefined);
  });
}

/** Valid JSON without the line breaks between its tokens, and without its comments. */
function onOneLine(json: Buffer): Buffer {
  if (!json.includes(NEWLINE)) return json;
  const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|[\n\r]/g;
  return Buffer.from(
    json.toString('latin1').replace(tokens, (_, text?: string) => text ?? ' '),
    'latin1',
  );
}
