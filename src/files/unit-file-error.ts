import { TerritoryError } from '../territory/errors.js';

/** A file of units, or a package with a map, that can't be read at all; faults of single lines are a `BuildFault`. */
export class UnitFileError extends TerritoryError {
  readonly type = 'unit_file_exception';
  readonly status = 400;
}
