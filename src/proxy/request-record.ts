import type { Outcome, RefusedSearch } from '../query/types.js';
import type { RecordedError, RequestOutcome, RequestRecord } from '../stats/record.js';
import type { Client } from './client.js';
import type { SearchFacts } from './responses-scan.js';

/** What an exchange knows when it is over. Times are on `performance.now`'s clock but for `time`. */
export interface ExchangeFacts {
  readonly client: Client;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly began: number;
  readonly endpoint: string;
  readonly outcome: RequestOutcome;
  readonly treeVersion: string;
  readonly rewritten: Extract<Outcome, { kind: 'rewritten' }> | undefined;
  readonly rewriteMicros: number | undefined;
  /** When the rewriting was done. */
  readonly rewroteAt: number;
  readonly answer: { readonly status: number; readonly headAt: number; readonly bytes: number } | undefined;
  readonly sentAt: number | undefined;
  readonly bytesIn: number;
  /** Body bytes of an answer of the proxy's own. */
  readonly bytesOut: number;
  readonly took: number | undefined;
  readonly hits: number | undefined;
  readonly searches: readonly SearchFacts[] | undefined;
  readonly error: RecordedError | undefined;
  readonly refusedSearches: readonly RefusedSearch[] | undefined;
}

/** The record for the log, the metrics and the statistics. */
export function requestRecord(facts: ExchangeFacts): RequestRecord {
  const { client, rewritten, answer, took, hits, error } = facts;
  const { target } = client;
  const query = target.indexOf('?');
  const opaqueId = client.header('x-opaque-id');
  const traceparent = client.header('traceparent');
  const tracestate = traceparent === undefined ? undefined : client.header('tracestate');
  const head = answer === undefined || answer.headAt === 0 ? undefined : answer;
  const sentAt = facts.sentAt ?? answer?.headAt ?? 0;
  const rewriteMicros = rewritten === undefined ? undefined : (facts.rewriteMicros ?? 0);
  // One shape for all, every field there: an object that is put together by spreads takes five times as long to read.
  return {
    time: facts.time,
    method: client.method,
    path: query < 0 ? target : target.slice(0, query),
    endpoint: facts.endpoint,
    outcome: facts.outcome,
    status: client.status || 499,
    upstreamStatus: head?.status,
    outcomeDetail: rewritten === undefined ? undefined : detail(rewritten),
    rewriteMicros,
    rewriteOffsetMicros:
      rewriteMicros === undefined ? undefined : (facts.rewroteAt - facts.began) * 1000 - rewriteMicros,
    upstreamMicros: upstreamMicros(answer, facts.sentAt),
    upstreamOffsetMicros: head === undefined ? undefined : (sentAt - facts.began) * 1000,
    totalMicros: (performance.now() - facts.began) * 1000,
    took,
    hits,
    searches: facts.searches,
    client: client.address,
    opaqueId,
    traceparent,
    tracestate,
    treeVersion: facts.treeVersion,
    error,
    refusedSearches: facts.refusedSearches?.map(recorded),
    bytesIn: facts.bytesIn,
    bytesOut: facts.bytesOut + (answer?.bytes ?? 0),
  };
}

/** From the request sent to the head of the answer. */
export function upstreamMicros(answer: ExchangeFacts['answer'], sentAt: number | undefined): number | undefined {
  if (answer === undefined || answer.headAt === 0) return undefined;
  return (answer.headAt - (sentAt ?? answer.headAt)) * 1000;
}

/** The error of a search may be Elasticsearch's own, when it could not render a template: of any shape. */
function recorded({ error }: RefusedSearch): RecordedError {
  const { type, reason, units } = error as Record<string, unknown>;
  return {
    type: typeof type === 'string' ? type : 'unknown',
    reason: typeof reason === 'string' ? reason : '',
    ...(Array.isArray(units) ? { units: units.filter((unit) => typeof unit === 'string') } : {}),
  };
}

function detail({ places, replaced, cache, indices, dropped, warnings }: NonNullable<ExchangeFacts['rewritten']>) {
  return { places, replaced, cache, indices, dropped, warnings };
}
