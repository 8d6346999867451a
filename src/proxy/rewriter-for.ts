import type { Outcome, RequestHead } from '../query/types.js';
import { TerritoryVersionError } from '../territory/errors.js';
import type { RequestRewriter, RewriterSource } from './rewriters.js';

type Version = string | readonly string[] | undefined;

/**
 * The rewriter for a request that may ask for a tree by `X-Territory-Version`, so that the pages of one search see one
 * map. To a request without shorthand it does not matter which trees are kept.
 * @param version the header's value
 * @throws TerritoryVersionError where the request needs a tree that is not kept
 */
export function rewriterFor(
  version: Version,
  source: RewriterSource,
  current: RequestRewriter,
  head: RequestHead,
  body: Buffer | undefined,
): RequestRewriter {
  if (typeof version !== 'string' || version === current.tree.version) return current;
  const kept = source.kept(version);
  if (kept !== undefined) return kept;
  withTreeAskedFor(version, current, () => current.rewrite(head, body));
  return current;
}

/**
 * What a rewriter says, where it has the tree that a request asks for or the tree does not matter: nothing is expanded,
 * or a template must be rendered before that is known.
 * @throws TerritoryVersionError where it has another tree and that matters
 */
export function withTreeAskedFor(version: Version, { tree }: RequestRewriter, rewrite: () => Outcome): Outcome {
  if (typeof version !== 'string' || version === tree.version) return rewrite();
  const outcome = unlessRefused(rewrite);
  if (outcome?.kind === 'pass' || outcome?.kind === 'render') return outcome;
  throw new TerritoryVersionError(
    `tree version [${version}] is not kept: begin anew without X-Territory-Version, or with [${tree.version}]`,
  );
}

/** A shorthand that today's tree refuses may be right for the one asked for. */
function unlessRefused(rewrite: () => Outcome): Outcome | undefined {
  try {
    return rewrite();
  } catch {
    return undefined;
  }
}
