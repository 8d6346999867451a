import { TerritoryTooLargeError } from '../../territory/errors.js';

/** The error for JSON that nests deeper than the configuration allows. */
export function tooDeep(levels: number): TerritoryTooLargeError {
  return new TerritoryTooLargeError(
    `the body nests deeper than ${levels} levels; make it flatter, or raise "limits.depth"`,
  );
}
