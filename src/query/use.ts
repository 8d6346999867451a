import type { Relation } from '../territory/relation.js';
import type { Territory } from '../territory/territory.js';

/** What a shorthand says a territory is. */
export type Source =
  /** Everything that is tagged. */
  | { readonly kind: 'exists' }
  /** The union of codes. */
  | { readonly kind: 'codes'; readonly values: readonly string[] }
  /** The union of set expressions. */
  | { readonly kind: 'expression'; readonly values: readonly string[] };

/** One use of the shorthand in a body, read. */
export interface Use {
  readonly source: Source;
  /** Absent where none is named: the index's own holds. */
  readonly relation: Relation | undefined;
  /** The bytes of `boost` and `_name`, as they stood. */
  readonly boost: string | undefined;
  readonly name: string | undefined;
}

/** A source with the territory that it means in today's map. */
export interface Known {
  readonly source: Source;
  /** `undefined` for `exists`. */
  readonly territory: Territory | undefined;
  /** Equal for sources that mean the same atoms. */
  readonly key: string;
  /** The codes it names, as written. */
  readonly codes: readonly string[];
  /** Codes that the tree does not know, and that were left out. */
  readonly dropped: readonly string[];
}
