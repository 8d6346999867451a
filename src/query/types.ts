/** The shapes that pass between the rewriter and those who call it. */
import type { Layout, Relation } from '../territory/relation.js';

/** What the configuration says of the indices that match one pattern. */
export interface IndexFields extends Layout {
  /** The relation of a shorthand that names none; `within` where absent. */
  readonly relation?: Relation | undefined;
  /** `terms` (default), or one `term` clause a unit. */
  readonly style?: 'terms' | 'term' | undefined;
  /** Fields of type `percolator`, in which a document carries a query. */
  readonly percolator?: readonly string[] | undefined;
}

export interface RewriterOptions {
  /** The name that stands for a territory in queries, e.g. `territory`. */
  readonly shorthand: string;
  /** Index patterns and their fields; the first that matches an index wins. */
  readonly indices: readonly (readonly [pattern: string, fields: IndexFields])[];
  /** What an alias stands for: names and patterns of indices. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Whether a definition that would freeze today's map is refused. */
  readonly definitions: 'reject' | 'expand';
  /** Whether an unknown code is an error, or is dropped with a warning. */
  readonly unknown: 'error' | 'warn';
  readonly limits: {
    /** How deep JSON may nest. */
    readonly depth: number;
    /** How long a rewritten body may become, in bytes. */
    readonly expandedBytes: number;
  };
  /** Bound of the cache of expansions, in bytes. */
  readonly cacheBytes: number;
  /** The expression of a saved territory `@name`; `undefined` where there is none of that name. */
  readonly savedTerritory?: ((name: string) => string | undefined) | undefined;
}

/** What the rewriter needs to know of a request beside its body. */
export interface RequestHead {
  readonly method: string;
  /** Raw path and query string, as on the wire. */
  readonly target: string;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly accept?: string | undefined;
}

export type Plan =
  /** There is nothing to look at: the body may stream through. */
  | { readonly kind: 'stream'; readonly endpoint: string }
  /** The inflated body is needed as one buffer, for `rewrite`. */
  | { readonly kind: 'read'; readonly endpoint: string };

/** One place of a request where the shorthand stood. */
export interface Replacement {
  /** In words: `query.bool.filter[0]`, or `q` for the URL. */
  readonly place: string;
  /** The shorthand as it was written. */
  readonly written: string;
  /** The codes it named, as written. */
  readonly codes: readonly string[];
  readonly relation: Relation;
  /** How many codes Elasticsearch gets in its stead. */
  readonly terms: number;
  readonly cache: 'hit' | 'miss';
  /** `_msearch` only: 0-based place of its search. Places of one search stand together. */
  readonly search?: number | undefined;
}

/** A search of an `_msearch` that was refused: it is left out of the body, and its error takes its place in the answer. */
export interface RefusedSearch {
  /** 0-based place among the searches. */
  readonly position: number;
  /** The value of `error`, as Elasticsearch writes one. */
  readonly error: object;
  readonly status: number;
}

/** A template for Elasticsearch to render, with the client's own headers but for those of the body: it is JSON. */
export interface RenderRequest {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body: Buffer | undefined;
}

export interface RenderAnswer {
  /** 200, or 400, 403 or 404 where Elasticsearch can't or won't render it. */
  readonly status: number;
  /** Uncompressed. */
  readonly body: Buffer;
}

export type Outcome =
  /** Forward exactly what came. */
  | { readonly kind: 'pass' }
  /** A search template: what it says is known only when Elasticsearch has rendered it. */
  | {
      readonly kind: 'render';
      readonly asks: readonly RenderRequest[];
      /**
       * What to do now, never to render again; `pass` forwards what the client sent.
       *
       * @param answers in the order of `asks`
       * @throws TerritoryError: what the client is to be told
       */
      readonly rendered: (answers: readonly RenderAnswer[]) => Exclude<Outcome, { kind: 'render' }>;
    }
  | {
      readonly kind: 'rewritten';
      readonly method: string;
      readonly target: string;
      readonly body: Buffer | undefined;
      /** Present where it differs from what came, or where a body is new. */
      readonly contentType?: string | undefined;
      readonly replaced: readonly Replacement[];
      /** How many places were spliced; a Lucene string is one. */
      readonly places: number;
      readonly cache: 'hit' | 'miss' | 'partial';
      /** Unknown codes that were left out (`unknown: warn`), each once. */
      readonly dropped: readonly string[];
      /** Texts for `Warning` headers. */
      readonly warnings: readonly string[];
      /** The index expression of the request; empty for all. */
      readonly indices: string;
      /** `_msearch` only: the searches that are not in `body`. */
      readonly refused?: readonly RefusedSearch[] | undefined;
      /** `_msearch` only: how many searches came. */
      readonly total?: number | undefined;
    }
  /** Nothing is left to ask Elasticsearch: every search of an `_msearch` was refused. */
  | {
      readonly kind: 'answer';
      /** True where it is no refusal, but an answer of the proxy's own. */
      readonly own?: true;
      readonly status: number;
      readonly body: Buffer;
      readonly replaced: readonly Replacement[];
      readonly indices: string;
      /** The searches of an `_msearch`, all of them. */
      readonly refused?: readonly RefusedSearch[] | undefined;
    };

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly entries: number;
  readonly bytes: number;
  /** Between 0 and 1; 0 before the first look-up. */
  readonly hitRatio: number;
}
