import { counted } from './counted.js';

/**
 * The error tree. Every class has a stable `type` (as Elasticsearch names its own), an HTTP `status`, and a message
 * that says what was wrong, with which value, and what to do.
 */
export abstract class TerritoryError extends Error {
  abstract readonly type: string;
  abstract readonly status: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Members beside `type` and `reason` in the body that an HTTP client gets. */
  details(): Record<string, unknown> {
    return {};
  }

  /** The error as Elasticsearch writes its own. */
  toBody(): { error: Record<string, unknown>; status: number } {
    const cause = { type: this.type, reason: this.message };
    return { error: { root_cause: [cause], ...cause, ...this.details() }, status: this.status };
  }
}

/** Codes that the tree does not know: all of them, each with at most five suggestions. */
export class UnknownUnitError extends TerritoryError {
  readonly type = 'unknown_unit_exception';
  readonly status = 400;

  constructor(
    readonly units: readonly string[],
    readonly suggestions: Readonly<Record<string, readonly string[]>> = {},
  ) {
    const named = units.map((code) => {
      const near = suggestions[code] ?? [];
      return near.length > 0 ? `[${code}] (did you mean ${near.join(', ')}?)` : `[${code}]`;
    });
    super(`unknown ${units.length === 1 ? 'unit' : 'units'} ${named.join(', ')}`);
  }

  override details() {
    return { units: this.units, suggestions: this.suggestions };
  }
}

/** An expression or a shorthand that can't be read. `column` is 1-based, in the text that was given. */
export class TerritorySyntaxError extends TerritoryError {
  readonly type = 'territory_syntax_exception';
  readonly status = 400;

  constructor(
    message: string,
    readonly column?: number,
  ) {
    super(message);
  }

  override details() {
    return this.column === undefined ? {} : { column: this.column };
  }
}

/** Something well-formed that can't be expanded here; the message says why and what to do instead. */
export class TerritoryUnsupportedError extends TerritoryError {
  readonly type = 'territory_unsupported_exception';
  readonly status = 400;
}

/** The tree version that was asked for is not kept. */
export class TerritoryVersionError extends TerritoryError {
  readonly type = 'territory_version_exception';
  readonly status = 409;
}

/** A limit on size or depth was passed. */
export class TerritoryTooLargeError extends TerritoryError {
  readonly type = 'territory_too_large_exception';
  readonly status = 413;
}

/** Territories of two trees met in one operation. */
export class MixedTreesError extends TerritoryError {
  readonly type = 'territory_mixed_trees_exception';
  readonly status = 400;
}

/** One fault of the input of a build; `line` is that of the unit at fault, where it is known. */
export interface BuildFault {
  readonly fault:
    | 'malformed_unit'
    | 'malformed_code'
    | 'duplicate_code'
    | 'unknown_parent'
    | 'unknown_level'
    | 'cycle'
    | 'two_primary_parents'
    | 'outside_primary_partition'
    | 'not_nested'
    | 'former_code_in_use'
    | 'former_code_ends_nowhere';
  readonly code: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** Everything that is wrong with the units given to a build, at once. */
export class TreeBuildError extends TerritoryError {
  readonly type = 'territory_build_exception';
  readonly status = 400;

  constructor(readonly faults: readonly BuildFault[]) {
    const lines = faults.map((f) => (f.line === undefined ? `  ${f.message}` : `  line ${f.line}: ${f.message}`));
    super(`${counted(faults.length, 'fault')} in the units:\n${lines.join('\n')}`);
  }

  override details() {
    return { faults: this.faults };
  }
}

/** A snapshot that can't be used. Its subclasses say why. */
export abstract class TreeCacheError extends TerritoryError {
  readonly status = 500;
}

/** There is no file at that place. */
export class TreeCacheMissing extends TreeCacheError {
  readonly type = 'tree_cache_missing_exception';
}

/** Torn, cut or altered. */
export class TreeCacheCorrupt extends TreeCacheError {
  readonly type = 'tree_cache_corrupt_exception';
}

/** Not a snapshot at all. */
export class TreeCacheForeign extends TreeCacheError {
  readonly type = 'tree_cache_foreign_exception';
}

/** A snapshot of another format version or byte order. */
export class TreeCacheIncompatible extends TreeCacheError {
  readonly type = 'tree_cache_incompatible_exception';
}
