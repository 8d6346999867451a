/** What the data path tells about a request once it is over. One type, so that the log, the metrics and the statistics can't disagree. */

/** What became of a request: forwarded as it came, forwarded rewritten, answered with an error of the proxy's own, or broken. */
export type RequestOutcome = 'passed' | 'rewritten' | 'refused' | 'failed';

/** One place where the shorthand stood, as the rewriter reports it (structurally its `Replacement`). */
export interface ReplacedPlace {
  /** In words: `query.bool.filter[0]`, `q`. */
  readonly place: string;
  /** What the application wrote. */
  readonly written: string;
  /** The codes in it, as written. */
  readonly codes: readonly string[];
  readonly relation: string;
  /** Codes in the clauses that went to Elasticsearch. */
  readonly terms: number;
  readonly cache: 'hit' | 'miss';
  /** Of an `_msearch`: the 0-based place of its search. Places of one search stand together. */
  readonly search?: number | undefined;
}

/** The part of the rewriter's outcome that is worth counting. */
export interface RewriteDetail {
  /** Places spliced; a Lucene string is one. */
  readonly places: number;
  readonly replaced: readonly ReplacedPlace[];
  readonly cache: 'hit' | 'miss' | 'partial';
  /** The target as the request named it: `articles`, `articles*,briefs`, empty for all. */
  readonly indices: string;
  /** Unknown codes that were left out. */
  readonly dropped?: readonly string[];
  readonly warnings?: readonly string[];
}

export interface RequestRecord {
  /** When the request came, in milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  /** Raw path without its query string, which may hold texts and credentials. */
  readonly path: string;
  /** A name of low cardinality: `search`, `msearch`, `bulk`, … */
  readonly endpoint: string;
  readonly outcome: RequestOutcome;
  /** What the client got; 499 where it went away before there was an answer. */
  readonly status: number;
  /** Status of Elasticsearch's own answer, where there was one. */
  readonly upstreamStatus?: number;
  /** Present when something was rewritten. */
  readonly outcomeDetail?: RewriteDetail;
  /** From the whole body read to the rewritten bytes, in microseconds. */
  readonly rewriteMicros?: number;
  /** When the rewriting began, in microseconds after `time`. */
  readonly rewriteOffsetMicros?: number;
  /** From the request sent to the head of the answer, in microseconds. */
  readonly upstreamMicros?: number;
  /** When the request was sent, in microseconds after `time`. */
  readonly upstreamOffsetMicros?: number;
  /** From the request's head to the last byte of the answer, in microseconds. */
  readonly totalMicros?: number;
  /** Elasticsearch's own `took`, in milliseconds, where the answer was read. */
  readonly took?: number;
  /** Total hits, where the answer was read, and all shards answered in time. */
  readonly hits?: number;
  /** Of an `_msearch`: what each search found, at its place; absent where nothing is known of the later ones. */
  readonly searches?: readonly { readonly took?: number; readonly hits?: number }[];
  /** Address of the peer. */
  readonly client: string;
  /** `X-Opaque-Id`. */
  readonly opaqueId?: string;
  /** `traceparent` and `tracestate`, as https://www.w3.org/TR/trace-context/ defines them. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly treeVersion: string;
  readonly error?: RecordedError;
  /** Of an `_msearch`: the errors of the searches that were refused. */
  readonly refusedSearches?: readonly RecordedError[];
  /** Body bytes from the client, as they came over the wire. */
  readonly bytesIn: number;
  /** Body bytes to the client. */
  readonly bytesOut: number;
}

export interface RecordedError {
  readonly type: string;
  readonly reason: string;
  /** The codes that the tree does not know. */
  readonly units?: readonly string[];
}

/** Whoever wants to know. It must return at once and never throw: it is called on the data path. */
export interface Observer {
  request(record: RequestRecord): void;
  /**
   * Called in place of `request` for a request that passed as it came. Most do, and no more is counted of them, so that
   * none needs a record. Who has no such method gets the record.
   * @param upstreamMicros from the request sent to the head of the answer, where there was one
   */
  passed?(endpoint: string, client: string, upstreamMicros: number | undefined): void;
}

/** Codes, searches, places and hundreds of characters of shorthands that a record may hold and be small. */
const SMALL = 200;

/** Whether a record names so much that many of its like must not be held. */
export function isLarge({ outcomeDetail, error, searches, refusedSearches }: RequestRecord): boolean {
  let size = (error?.units?.length ?? 0) + (searches?.length ?? 0);
  if (refusedSearches !== undefined) for (const { units } of refusedSearches) size += 1 + (units?.length ?? 0);
  if (outcomeDetail !== undefined) {
    const { replaced, dropped } = outcomeDetail;
    size += replaced.length + (dropped?.length ?? 0);
    for (const { codes, written } of replaced) size += codes.length + written.length / 100;
  }
  return size > SMALL;
}
