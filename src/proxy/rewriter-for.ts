import type { RequestHead } from '../query/types.js';
import { TerritoryVersionError } from '../territory/errors.js';
import type { RequestRewriter, RewriterSource } from './rewriters.js';

/**
 * The rewriter for a request that may ask for a tree by `X-Territory-Version`, so that the pages of one search see one
 * map. To a request without shorthand it does not matter which trees are kept.
 * @param version the header's value
 * @throws TerritoryVersionError where the request needs a tree that is not kept
 */
export function rewriterFor(
  version: string | readonly string[] | undefined,
  source: RewriterSource,
  current: RequestRewriter,
  head: RequestHead,
  body: Buffer | undefined,
): RequestRewriter {
  if (typeof version !== 'string' || version === current.tree.version) return current;
  const kept = source.kept(version);
  if (kept !== undefined) return kept;
  if (!expandsNothing(current, head, body)) {
    throw new TerritoryVersionError(
      `tree version [${version}] is not kept: begin anew without X-Territory-Version, or with [${current.tree.version}]`,
    );
  }
  return current;
}

function expandsNothing(rewriter: RequestRewriter, head: RequestHead, body: Buffer | undefined): boolean {
  try {
    return rewriter.rewrite(head, body).kind === 'pass';
  } catch {
    // A shorthand that today's tree refuses may be right for the one asked for.
    return false;
  }
}
