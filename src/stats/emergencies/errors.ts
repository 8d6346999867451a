import { TerritoryError } from '../../territory/errors.js';

/** Nothing is known of an emergency of this id. */
export class EmergencyNotFoundError extends TerritoryError {
  readonly type = 'resource_not_found_exception';
  readonly status = 404;
}

/** One is open already: there is at most one, so that two people who see the same trouble work on one. */
export class EmergencyOpenError extends TerritoryError {
  readonly type = 'emergency_open_exception';
  readonly status = 409;

  constructor(readonly id: string) {
    super(`the emergency [${id}] is open: add to it, or close it first`);
  }

  override details() {
    return { id: this.id };
  }
}

/** Somebody else changed it meanwhile, or it is closed. */
export class EmergencyConflictError extends TerritoryError {
  readonly type = 'version_conflict_engine_exception';
  readonly status = 409;

  constructor(
    message: string,
    readonly revision: number,
  ) {
    super(message);
  }

  override details() {
    return { revision: this.revision };
  }
}

/** What is asked goes against the policy, or the state of the emergency. */
export class EmergencyRefusedError extends TerritoryError {
  readonly type = 'illegal_argument_exception';
  readonly status = 400;
}

/** The store does not answer, or there is none: nothing was done. */
export class EmergencyStoreError extends TerritoryError {
  readonly type = 'territory_store_exception';
  readonly status = 503;
}
