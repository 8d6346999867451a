import type { Outcome } from '../query/types.js';

/** The headers that the answer to a rewritten request carries, `[name, value, …]`. */
export function rewriteHeaders(
  outcome: Extract<Outcome, { kind: 'rewritten' }>,
  version: string,
  rewriteMicros: number,
): string[] {
  const list = [
    'X-Territory-Rewrites',
    String(outcome.places),
    'X-Territory-Cache',
    outcome.cache,
    'X-Territory-Version',
    version,
    'Server-Timing',
    `territory;dur=${(rewriteMicros / 1000).toFixed(3)}`,
  ];
  for (const warning of outcome.warnings) list.push('Warning', `299 territory-proxy ${quoted(warning)}`);
  return list;
}

/** A quoted string as Elasticsearch writes it in `Warning`: what is not printable ASCII, and `%`, percent-encoded. */
function quoted(text: string): string {
  const safe = text.replace(/[^\t\x20-\x24\x26-\x7e]+|%/g, percentEncoded);
  return `"${safe.replace(/["\\]/g, '\\$&')}"`;
}

function percentEncoded(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&');
}
