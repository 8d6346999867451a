import { type Logger, lineWriter } from './logger.js';
import { usualLine } from './query-line-text.js';
import type { Observer, RequestRecord, RewriteDetail } from './record.js';

/** Codes of one request that are written out; `codes_total` tells how many there were. */
const CODES_LOGGED = 100;
const PLACES_LOGGED = 100;

/**
 * One line for each rewritten request, and for each that the proxy refused or could not carry out. The names are those
 * of the Elastic Common Schema; what it has no name for stands under `territory`. Headers, query strings and bodies are
 * never in a record, so they can't be in a line; of a query only the codes that a shorthand held are.
 */
export class QueryLog implements Observer {
  readonly #logger: Logger;
  readonly #write: ReturnType<typeof lineWriter>;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#write = lineWriter(logger);
  }

  /** None of those is told of. */
  passed(): void {}

  request(record: RequestRecord): void {
    if (record.outcome === 'passed') return;
    const level = record.outcome === 'failed' ? 'warn' : 'info';
    if (!this.#logger.isLevelEnabled(level)) return;
    this.#write(level, usualLine(record) ?? anyLine(record));
  }
}

/** A request as the log tells it, with what a table is searched by. It survives JSON. */
export interface QueryLine {
  /** When the request came, in milliseconds since 1970. */
  readonly time: number;
  readonly endpoint: string;
  readonly outcome: RequestRecord['outcome'];
  readonly status: number;
  /** Codes as written, known or not; at most a hundred. */
  readonly codes: readonly string[];
  /** The fields of the log's line. */
  readonly line: Readonly<Record<string, unknown>>;
}

export function queryLine(record: RequestRecord): QueryLine {
  const { time, endpoint, outcome, status, outcomeDetail, error } = record;
  const codes = (outcomeDetail?.replaced.flatMap((place) => place.codes) ?? error?.units ?? []).slice(0, CODES_LOGGED);
  return { time, endpoint, outcome, status, codes, line: toEcs(record) };
}

/** The line of a request that the log tells of; none of one that passed as it was. */
export function queryLines(record: RequestRecord): QueryLine[] {
  return record.outcome === 'passed' ? [] : [queryLine(record)];
}

/** The fields of any line, as JSON without its braces. */
export function anyLine(record: RequestRecord): string {
  const message = `${record.method} ${record.path} ${record.outcome}`;
  return JSON.stringify({ ...toEcs(record), message }).slice(1, -1);
}

function toEcs(record: RequestRecord): Record<string, unknown> {
  const { outcomeDetail: detail, error } = record;
  return {
    event: {
      dataset: 'territory.query',
      action: record.outcome,
      outcome: record.outcome === 'rewritten' && record.status < 400 ? 'success' : 'failure',
      duration: record.totalMicros === undefined ? undefined : Math.round(record.totalMicros * 1000),
    },
    http: {
      request: { id: record.opaqueId, method: record.method, body: { bytes: record.bytesIn } },
      response: { status_code: record.status, body: { bytes: record.bytesOut } },
    },
    url: { path: record.path },
    client: { address: record.client, ip: record.client },
    error: error === undefined ? undefined : { type: error.type, message: error.reason },
    territory: {
      endpoint: record.endpoint,
      tree_version: record.treeVersion,
      rewrite_us: rounded(record.rewriteMicros),
      upstream_us: rounded(record.upstreamMicros),
      upstream_status: record.upstreamStatus,
      took_ms: record.took,
      hits: record.hits,
      unknown_codes: unknownCodes(record),
      refused_searches: record.refusedSearches?.map(({ type, reason }) => ({ type, reason })),
      ...(detail === undefined ? {} : describeRewrite(detail)),
    },
  };
}

/** Of the request, of the searches in it that were refused, or left out. */
function unknownCodes({ error, refusedSearches = [], outcomeDetail }: RequestRecord): string[] | undefined {
  const lists = [error?.units, outcomeDetail?.dropped, ...refusedSearches.map(({ units }) => units)];
  const codes = [...new Set(lists.flatMap((list) => list ?? []))];
  return codes.length === 0 ? undefined : codes.slice(0, CODES_LOGGED);
}

function describeRewrite(detail: RewriteDetail): Record<string, unknown> {
  const codes = detail.replaced.flatMap((place) => place.codes);
  return {
    indices: detail.indices,
    places: detail.replaced.slice(0, PLACES_LOGGED).map((place) => place.place),
    places_total: detail.places,
    relations: [...new Set(detail.replaced.map((place) => place.relation))],
    codes: codes.slice(0, CODES_LOGGED),
    codes_total: codes.length,
    terms: detail.replaced.reduce((sum, place) => sum + place.terms, 0),
    cache: detail.cache,
    warnings: detail.warnings === undefined || detail.warnings.length === 0 ? undefined : detail.warnings,
  };
}

function rounded(micros: number | undefined): number | undefined {
  return micros === undefined ? undefined : Math.round(micros);
}
