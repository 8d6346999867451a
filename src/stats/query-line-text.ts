import type { RequestRecord } from './record.js';

/** Codes beyond these are left to the slower way, which cuts them. */
const MOST_CODES = 100;
/** Texts that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The fields of the query log's line for a request of the usual kind, in which one shorthand was rewritten and nothing went
 * wrong: byte for byte what JSON.stringify makes of `toEcs`, without its braces, in a fraction of its time.
 * @returns `undefined` for any other
 */
export function usualLine(record: RequestRecord): string | undefined {
  const { outcome, outcomeDetail: detail, error, refusedSearches } = record;
  if (outcome !== 'rewritten' || detail === undefined || error !== undefined || refusedSearches !== undefined)
    return undefined;
  const { replaced, dropped = [], warnings = [] } = detail;
  const [place, ...others] = replaced;
  if (place === undefined || others.length + dropped.length + warnings.length > 0) return undefined;
  const { codes } = place;
  if (codes.length === 0 || codes.length > MOST_CODES) return undefined;
  const { opaqueId, client, totalMicros } = record;
  const address = quoted(client);
  let list = quoted(codes[0]!);
  for (let i = 1; i < codes.length; i++) list += `,${quoted(codes[i]!)}`;
  return (
    `"event":{"dataset":"territory.query","action":"rewritten","outcome":"${record.status < 400 ? 'success' : 'failure'}"` +
    `${field('duration', totalMicros === undefined ? undefined : totalMicros * 1000)}},` +
    `"http":{"request":{${opaqueId === undefined ? '' : `"id":${quoted(opaqueId)},`}"method":${quoted(record.method)},` +
    `"body":{"bytes":${record.bytesIn}}},"response":{"status_code":${record.status},"body":{"bytes":${record.bytesOut}}}},` +
    `"url":{"path":${quoted(record.path)}},"client":{"address":${address},"ip":${address}},` +
    `"territory":{"endpoint":${quoted(record.endpoint)},"tree_version":${quoted(record.treeVersion)}` +
    `${field('rewrite_us', record.rewriteMicros)}${field('upstream_us', record.upstreamMicros)}` +
    `${field('upstream_status', record.upstreamStatus)}${field('took_ms', record.took)}${field('hits', record.hits)},` +
    `"indices":${quoted(detail.indices)},"places":[${quoted(place.place)}],"places_total":${detail.places},` +
    `"relations":[${quoted(place.relation)}],"codes":[${list}],"codes_total":${codes.length},"terms":${place.terms},` +
    `"cache":"${detail.cache}"},"message":${quoted(`${record.method} ${record.path} rewritten`)}`
  );
}

function field(name: string, value: number | undefined): string {
  return value === undefined ? '' : `,"${name}":${Math.round(value)}`;
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
