import { performance } from 'node:perf_hooks';
import type { Outcome, RefusedSearch } from '../query/types.js';
import type { RecordedError, RequestOutcome, RequestRecord, RewriteDetail } from '../stats/record.js';
import type { AnswerFacts } from './answer-tap.js';
import type { Client } from './client.js';

/** What comes to be known of a request on its way. */
export class RequestFacts {
  readonly client: Client;
  /** When its head had come, in milliseconds since 1970, and on `performance.now`'s clock. */
  readonly time = Date.now();
  readonly began = performance.now();
  endpoint = 'unknown';
  outcome: RequestOutcome = 'passed';
  /** Present when something was rewritten. Put down then: at the end all of it would be out of the processor's cache. */
  detail: RewriteDetail | undefined;
  rewriteMicros: number | undefined;
  /** When the rewriting was done, on `performance.now`'s clock. */
  rewroteAt = 0;
  error: RecordedError | undefined;
  refusedSearches: readonly RefusedSearch[] | undefined;
  bytesIn = 0;
  /** Body bytes of an answer of the proxy's own. */
  bytesOut = 0;

  constructor(client: Client) {
    this.client = client;
  }
}

/** Elasticsearch's answer, as far as it came. */
export interface ToldAnswer {
  readonly status: number;
  /** When its head came, on `performance.now`'s clock; 0 before. */
  readonly headAt: number;
  readonly bytes: number;
}

/**
 * The record for the log, the metrics and the statistics.
 *
 * @param sentAt when the request was sent, on `performance.now`'s clock
 */
export function requestRecord(
  facts: RequestFacts,
  treeVersion: string,
  answer: ToldAnswer | undefined,
  sentAt: number | undefined,
  { took, hits, searches }: AnswerFacts,
): RequestRecord {
  const { client, began, detail } = facts;
  const { target } = client;
  const query = target.indexOf('?');
  const traceparent = client.headers.traceparent;
  const head = answer === undefined || answer.headAt === 0 ? undefined : answer;
  const rewriteMicros = detail === undefined ? undefined : (facts.rewriteMicros ?? 0);
  // One shape for all, every field there: an object that is put together by spreads takes five times as long to read.
  // Whole numbers where parts of a microsecond matter to nobody: each other one is an object of its own.
  return {
    time: facts.time,
    method: client.method,
    path: query < 0 ? target : target.slice(0, query),
    endpoint: facts.endpoint,
    outcome: facts.outcome,
    status: client.status || 499,
    upstreamStatus: head?.status,
    outcomeDetail: detail,
    rewriteMicros,
    rewriteOffsetMicros:
      rewriteMicros === undefined ? undefined : Math.round((facts.rewroteAt - began) * 1000 - rewriteMicros),
    upstreamMicros: upstreamMicros(answer, sentAt),
    upstreamOffsetMicros: head === undefined ? undefined : Math.round(((sentAt ?? head.headAt) - began) * 1000),
    totalMicros: Math.round((performance.now() - began) * 1000),
    took,
    hits,
    searches,
    client: client.address,
    opaqueId: client.headers['x-opaque-id'],
    traceparent,
    tracestate: traceparent === undefined ? undefined : client.headers.tracestate,
    treeVersion,
    error: facts.error,
    refusedSearches: facts.refusedSearches?.map(recorded),
    bytesIn: facts.bytesIn,
    bytesOut: facts.bytesOut + (answer?.bytes ?? 0),
  };
}

/** From the request sent to the head of the answer. */
export function upstreamMicros(answer: ToldAnswer | undefined, sentAt: number | undefined): number | undefined {
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

/** Of what the rewriter made only what is told: the record must not hold the body. */
export function detailOf(rewritten: Extract<Outcome, { kind: 'rewritten' }>): RewriteDetail {
  const { places, replaced, cache, indices, dropped, warnings } = rewritten;
  return { places, replaced, cache, indices, dropped, warnings };
}
