import { mayRender, renderedBody, renderRequest, searchTarget, type TemplateKind, withFlags } from './template.js';
import type { Outcome } from './types.js';

type Settled = Exclude<Outcome, { kind: 'render' }>;

/** A request that searches with one template. */
export interface TemplateSearch {
  readonly kind: Exclude<TemplateKind, 'lines'>;
  readonly target: string;
  readonly body: Buffer | undefined;
  readonly shorthand: string;
  /** How deep JSON may nest. */
  readonly levels: number;
}

const PASS: Settled = { kind: 'pass' };

/**
 * One template: rendered, then looked at as the `_search` that it is. Where there is nothing to expand in it the client's
 * own request goes on.
 *
 * @param rewrite the outcome of a `_search` with this target and body
 */
export function renderSearch(
  { kind, target, body, shorthand, levels }: TemplateSearch,
  rewrite: (target: string, body: Buffer) => Settled,
): Outcome {
  if (kind === 'search' && (body === undefined || !mayRender(body, shorthand))) return PASS;
  return {
    kind: 'render',
    asks: [renderRequest(kind, target, body)],
    rendered: ([answer]) => {
      const rendered = renderedBody(kind, answer!, levels);
      if (!Buffer.isBuffer(rendered)) return PASS;
      const search = kind === 'search' ? withFlags(rendered, body!, target, levels) : rendered;
      const outcome = rewrite(searchTarget(kind, target, rendered, levels), search);
      if (outcome.kind !== 'rewritten') return outcome;
      const replaced = outcome.replaced.map((one) => ({ ...one, place: `template: ${one.place}` }));
      return { ...outcome, replaced };
    },
  };
}
