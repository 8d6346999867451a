import { TerritoryError, type UnknownUnitError } from '../territory/errors.js';

/** A parameter or a body that is not what the API takes; the message names every fault. */
export class IllegalArgumentError extends TerritoryError {
  readonly type = 'illegal_argument_exception';
  readonly status = 400;
}

/** The history lies in a database that does not answer now. */
export class HistoryUnavailableError extends TerritoryError {
  readonly type = 'territory_history_exception';
  readonly status = 503;
}

/** There is nothing under this path. */
export class NotFoundError extends TerritoryError {
  readonly type = 'resource_not_found_exception';
  readonly status = 404;
}

/** Units that were asked for by their codes and do not exist: all of them, with suggestions. */
export class UnitsNotFoundError extends TerritoryError {
  readonly type = 'unknown_unit_exception';
  readonly status = 404;
  readonly #unknown: UnknownUnitError;

  constructor(unknown: UnknownUnitError) {
    super(unknown.message);
    this.#unknown = unknown;
  }

  override details() {
    return this.#unknown.details();
  }
}

export class MethodNotAllowedError extends TerritoryError {
  readonly type = 'method_not_allowed_exception';
  readonly status = 405;

  constructor(
    method: string,
    readonly allowed: readonly string[],
  ) {
    super(`method [${method}] is not supported here, allowed: [${allowed.join(', ')}]`);
  }
}

export class UnsupportedMediaTypeError extends TerritoryError {
  readonly type = 'media_type_header_exception';
  readonly status = 415;
}

/** A body that is no JSON. */
export class MalformedBodyError extends TerritoryError {
  readonly type = 'parsing_exception';
  readonly status = 400;
}

export class BodyTooLargeError extends TerritoryError {
  readonly type = 'territory_too_large_exception';
  readonly status = 413;
}

/** Without the token where one is needed. */
export class UnauthenticatedError extends TerritoryError {
  readonly type = 'security_exception';
  readonly status = 401;
}

/** Not from where, or not in the way, in which this may be asked for. */
export class ForbiddenError extends TerritoryError {
  readonly type = 'security_exception';
  readonly status = 403;
}

/** A fault of the proxy itself; what went wrong is in the log, not in the answer. */
export class InternalError extends TerritoryError {
  readonly type = 'territory_internal_exception';
  readonly status = 500;
}
