/**
 * Whether a request is for the proxy's own API. Exact on the raw bytes: `/_territory` and what lies under it. Any other
 * spelling (`//_territory`, `/%5fterritory`, `/x/../_territory`, a whole URL) is Elasticsearch's to answer, so that a
 * filter in front that looks for the prefix sees what the proxy sees.
 */
export function isInternalPath(target: string): boolean {
  if (!target.startsWith('/_territory')) return false;
  const next = target.charCodeAt(11);
  return Number.isNaN(next) || next === 0x2f || next === 0x3f;
}
