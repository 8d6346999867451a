import { TerritoryError } from '../territory/errors.js';

/** More is asked at once than `limits` allow: come again. */
export class TerritoryBusyError extends TerritoryError {
  readonly type = 'territory_busy_exception';
  readonly status = 429;
}

/** A client took too long over its body, and gave its place up. To the client that is a proxy without a place for it: come again. */
export class TerritorySlowBodyError extends TerritoryBusyError {}

/** Elasticsearch can't be reached, or broke off. */
export class TerritoryUpstreamError extends TerritoryError {
  readonly type = 'territory_upstream_exception';
  readonly status = 502;
}

/** Elasticsearch did not answer in time. */
export class TerritoryTimeoutError extends TerritoryError {
  readonly type = 'territory_timeout_exception';
  readonly status = 504;
}

/** The proxy itself is at fault; the request was not forwarded, so that no shorthand passes unexpanded. */
export class TerritoryInternalError extends TerritoryError {
  readonly type = 'territory_internal_exception';
  readonly status = 500;
}

/** Failures of a connection that say "too late"; every other failure is a bad upstream. */
const LATE = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** The code of a failure of the network, or of what caused it. */
export function failureCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return '';
}

/**
 * The one table from a failure on the way to Elasticsearch to what the client gets: 504 for what was too late, 502 for
 * everything else, the error itself where the proxy made it.
 * @param origin the node that was asked, without credentials
 */
export function upstreamFailure(error: unknown, origin: string): TerritoryError {
  if (error instanceof TerritoryError) return error;
  const code = failureCode(error);
  const reason = `${(error as Error)?.message || 'unknown failure'}${code === '' ? '' : ` [${code}]`}`;
  if (LATE.has(code)) {
    return new TerritoryTimeoutError(`Elasticsearch at [${origin}] did not answer in time: ${reason}`, {
      cause: error,
    });
  }
  return new TerritoryUpstreamError(`Elasticsearch at [${origin}] can't be reached or broke off: ${reason}`, {
    cause: error,
  });
}

/** Whatever the rewriter threw, as an error that a client can be told. */
export function rewriteFailure(error: unknown): TerritoryError {
  if (error instanceof TerritoryError) return error;
  return new TerritoryInternalError(`the request could not be rewritten: ${(error as Error)?.message ?? error}`, {
    cause: error,
  });
}
