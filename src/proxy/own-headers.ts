import type { Outcome } from '../query/types.js';
import { isMerged } from './merged-answer.js';

/** What does not go on with a body of the proxy's own. */
const OLD_BODY: ReadonlySet<string> = new Set(['content-encoding']);

/** What a rewritten request changes in its head: names (lower case) that don't go on, and `[name, value, …]` that are added. */
export interface OwnHeaders {
  readonly without: ReadonlySet<string>;
  readonly own: readonly string[];
}

/** The headers of a rewritten request: those of the body that it has now, and an answer that can be read where it must be. */
export function ownHeaders(outcome: Extract<Outcome, { kind: 'rewritten' }>): OwnHeaders {
  const merges = isMerged(outcome);
  const { contentType } = outcome;
  if (!merges && contentType === undefined) return PLAIN;
  const without = new Set(OLD_BODY);
  const own: string[] = [];
  if (contentType !== undefined) {
    without.add('content-type');
    own.push('content-type', contentType);
  }
  if (merges) {
    without.add('accept-encoding');
    own.push('accept-encoding', 'identity');
  }
  return { without, own };
}

const PLAIN: OwnHeaders = { without: OLD_BODY, own: [] };
