/** A territorial unit as it is read, and as the tree gives it back. */

/** What a line of units holds. Only `code` is required; parents may come after their children. */
export interface UnitInput {
  /** `LEVEL:ID`, e.g. `COM:69123`. */
  code: string;
  label?: string | undefined;
  /** Codes of the units that this one lies in. */
  parents?: readonly string[] | undefined;
  /** People; of a unit above the atoms it is not read, but summed up. */
  inhabitants?: number | undefined;
  postal_codes?: readonly string[] | undefined;
  /** Codes no longer in use that this unit took over. */
  former_codes?: readonly string[] | undefined;
  /** Where the unit was read (1-based line), for error messages. */
  line?: number | undefined;
}

/** A unit of a tree. Lists are in code order. */
export interface Unit {
  readonly code: string;
  readonly level: string;
  readonly label: string;
  readonly parents: readonly string[];
  /** People; for a unit above the atoms the sum of the known ones; `undefined` where none is known. */
  readonly inhabitants: number | undefined;
  readonly postal_codes: readonly string[];
  readonly former_codes: readonly string[];
}

/** A chain of levels that divides the world once, lowest level first. The first partition of a tree is the primary one. */
export interface Partition {
  readonly name: string;
  readonly levels: readonly string[];
}

/** The grammar of a code, and of the level in front of its colon. */
export const CODE = /^[A-Z][A-Z0-9_]*:[A-Za-z0-9._-]+$/;

/** The level of a well-formed code: what stands before its colon. */
export function levelOf(code: string): string {
  return code.slice(0, code.indexOf(':'));
}
