import type { Outcome } from '../query/types.js';
import type { RecordedError, RequestOutcome, RequestRecord } from '../stats/record.js';
import type { Client } from './client.js';

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
  readonly error: RecordedError | undefined;
}

/** The record for the log, the metrics and the statistics. */
export function requestRecord(facts: ExchangeFacts): RequestRecord {
  const { client, rewritten, answer, took, hits, error } = facts;
  const { target } = client;
  const query = target.indexOf('?');
  const opaqueId = client.header('x-opaque-id');
  const traceparent = client.header('traceparent');
  const tracestate = traceparent === undefined ? undefined : client.header('tracestate');
  const sentAt = facts.sentAt ?? answer?.headAt ?? 0;
  return {
    time: facts.time,
    method: client.method,
    path: query < 0 ? target : target.slice(0, query),
    endpoint: facts.endpoint,
    outcome: facts.outcome,
    status: client.status || 499,
    client: client.address,
    treeVersion: facts.treeVersion,
    totalMicros: (performance.now() - facts.began) * 1000,
    bytesIn: facts.bytesIn,
    bytesOut: facts.bytesOut + (answer?.bytes ?? 0),
    ...(answer === undefined || answer.headAt === 0
      ? undefined
      : {
          upstreamStatus: answer.status,
          upstreamMicros: (answer.headAt - sentAt) * 1000,
          upstreamOffsetMicros: (sentAt - facts.began) * 1000,
        }),
    ...(rewritten === undefined ? undefined : { outcomeDetail: detail(rewritten), ...rewritingTimes(facts) }),
    ...(took === undefined ? undefined : { took }),
    ...(hits === undefined ? undefined : { hits }),
    ...(opaqueId === undefined ? undefined : { opaqueId }),
    ...(traceparent === undefined ? undefined : { traceparent }),
    ...(tracestate === undefined ? undefined : { tracestate }),
    ...(error === undefined ? undefined : { error }),
  };
}

function rewritingTimes({ began, rewroteAt, rewriteMicros = 0 }: ExchangeFacts) {
  return { rewriteMicros, rewriteOffsetMicros: (rewroteAt - began) * 1000 - rewriteMicros };
}

function detail({ places, replaced, cache, indices, warnings }: NonNullable<ExchangeFacts['rewritten']>) {
  return { places, replaced, cache, indices, warnings };
}
