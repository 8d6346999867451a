/** The templates that a ranking evaluation runs. */
import { TerritoryUnsupportedError } from '../territory/errors.js';
import { type JsonValue, memberOf, valueIfJson } from './json/value.js';
import { renderedBody, renderRequest } from './template.js';
import type { Outcome, RenderRequest } from './types.js';

/** A ranking evaluation. */
export interface RankEval {
  readonly body: Buffer | undefined;
  readonly shorthand: string;
  /** How deep JSON may nest. */
  readonly levels: number;
  /** Whether there is something to expand in the body of a search. */
  readonly holds: (search: Buffer) => boolean;
}

type Settled = Exclude<Outcome, { kind: 'render' }>;

/**
 * Has the templates rendered that its requests name. What they render to can't be put back in their places, so one with
 * the shorthand is refused.
 *
 * @param outcome what becomes of the rest
 */
export function renderRankEval({ body, shorthand, levels, holds }: RankEval, outcome: Settled): Outcome {
  const asks = body === undefined ? [] : rendersOf(body);
  if (asks.length === 0) return outcome;
  return {
    kind: 'render',
    asks,
    rendered: (answers) => {
      for (const answer of answers) {
        const search = renderedBody('search', answer, levels);
        if (!Buffer.isBuffer(search) || !holds(search)) continue;
        throw new TerritoryUnsupportedError(
          `[${shorthand}] stands in a template of a ranking evaluation: send what it renders to as "request"`,
        );
      }
      return outcome;
    },
  };
}

/** One render for each request that names a template; none for a body that is no JSON: Elasticsearch refuses that. */
function rendersOf(body: Buffer): RenderRequest[] {
  const templates = new Map<string, JsonValue>();
  const spec = valueIfJson(body);
  if (spec === undefined) return [];
  for (const entry of itemsOf(spec, 'templates')) {
    const [id, template] = [memberOf(entry, 'id'), memberOf(entry, 'template')];
    if (id !== undefined && 'text' in id && template !== undefined) templates.set(id.text, template);
  }
  const renders: RenderRequest[] = [];
  for (const request of itemsOf(spec, 'requests')) {
    const id = memberOf(request, 'template_id');
    const template = id !== undefined && 'text' in id ? templates.get(id.text) : undefined;
    if (template === undefined) continue;
    const member = (name: string, value: JsonValue | undefined) =>
      value === undefined ? [] : [`"${name}":${body.toString('utf8', value.start, value.end)}`];
    const stored = memberOf(template, 'id');
    const script = stored === undefined ? member('source', sourceOf(template)) : member('id', stored);
    const rendered = `{${[...script, ...member('params', memberOf(request, 'params'))].join(',')}}`;
    renders.push(renderRequest('search', '', Buffer.from(rendered)));
  }
  return renders;
}

/** A template may be written as its text alone. */
function sourceOf(template: JsonValue): JsonValue | undefined {
  if (template.kind !== 'object') return template;
  return memberOf(template, 'source') ?? memberOf(template, 'inline');
}

function itemsOf(spec: JsonValue, name: string): readonly JsonValue[] {
  const list = memberOf(spec, name);
  return list?.kind === 'array' ? list.items : [];
}
