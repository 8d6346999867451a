import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../query/types.js';
import type { RecordedError, RequestOutcome, RequestRecord } from '../stats/record.js';

/** What an exchange knows when it is over. Times are on `performance.now`'s clock but for `time`. */
export interface ExchangeFacts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly began: number;
  readonly endpoint: string;
  readonly outcome: RequestOutcome;
  readonly treeVersion: string;
  readonly rewritten: Extract<Outcome, { kind: 'rewritten' }> | undefined;
  readonly rewriteMicros: number | undefined;
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
  const { request, response, rewritten, answer, took, hits, error } = facts;
  const target = request.url!;
  const query = target.indexOf('?');
  const opaqueId = request.headers['x-opaque-id'];
  return {
    time: facts.time,
    method: request.method!,
    path: query < 0 ? target : target.slice(0, query),
    endpoint: facts.endpoint,
    outcome: facts.outcome,
    status: response.headersSent ? response.statusCode : 499,
    client: facts.client,
    treeVersion: facts.treeVersion,
    totalMicros: (performance.now() - facts.began) * 1000,
    bytesIn: facts.bytesIn,
    bytesOut: facts.bytesOut + (answer?.bytes ?? 0),
    ...(answer === undefined || answer.headAt === 0
      ? undefined
      : { upstreamStatus: answer.status, upstreamMicros: (answer.headAt - (facts.sentAt ?? answer.headAt)) * 1000 }),
    ...(rewritten === undefined
      ? undefined
      : { outcomeDetail: detail(rewritten), rewriteMicros: facts.rewriteMicros ?? 0 }),
    ...(took === undefined ? undefined : { took }),
    ...(hits === undefined ? undefined : { hits }),
    ...(typeof opaqueId === 'string' ? { opaqueId } : undefined),
    ...(error === undefined ? undefined : { error }),
  };
}

function detail({ places, replaced, cache, indices, warnings }: NonNullable<ExchangeFacts['rewritten']>) {
  return { places, replaced, cache, indices, warnings };
}
