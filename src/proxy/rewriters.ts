import type { Outcome, Plan, RequestHead } from '../query/types.js';
import type { TerritoryTree } from '../territory/tree.js';

/** What the data path asks of a rewriter (src/query has the one). */
export interface RequestRewriter {
  readonly tree: { readonly version: string };
  /** Whether the body of a request must be read. Throws a `TerritoryError` for what can't be read here. */
  plan(head: RequestHead): Plan;
  /** Throws a `TerritoryError` where the shorthand can't be expanded. */
  rewrite(head: RequestHead, body: Buffer | undefined): Outcome;
}

/** Where the data path gets its rewriter from: the one of today, or that of a version that is still kept. */
export interface RewriterSource {
  readonly current: RequestRewriter;
  kept(version: string): RequestRewriter | undefined;
}

/** A rewriter that can be made anew for another tree, its cache warm. */
export interface RenewableRewriter<R> extends RequestRewriter {
  withTree(tree: TerritoryTree): R;
}

/** Holds the rewriter of today and those of the last trees, so that the pages of one search can see one map. */
export class Rewriters<R extends RenewableRewriter<R>> implements RewriterSource {
  #current: R;
  /** By version, the oldest first. */
  readonly #kept = new Map<string, R>();
  readonly #keep: number;

  /** @param keep how many trees stay, the current one among them */
  constructor(first: R, keep = 3) {
    if (!Number.isInteger(keep) || keep < 1) throw new RangeError(`keep must be a whole number above 0, not ${keep}`);
    this.#keep = keep;
    this.#current = first;
    this.#kept.set(first.tree.version, first);
  }

  get current(): R {
    return this.#current;
  }

  /** The versions that can be asked for, the oldest first. */
  get versions(): string[] {
    return [...this.#kept.keys()];
  }

  kept(version: string): R | undefined {
    return this.#kept.get(version);
  }

  /** Takes a new tree: the next request sees it, requests under way end with theirs. A tree of the same version changes nothing. */
  swap(tree: TerritoryTree): R {
    if (tree.version === this.#current.tree.version) return this.#current;
    const next = this.#kept.get(tree.version) ?? this.#current.withTree(tree);
    this.#kept.delete(tree.version);
    this.#kept.set(tree.version, next);
    this.#current = next;
    for (const version of this.#kept.keys()) {
      if (this.#kept.size <= this.#keep) break;
      this.#kept.delete(version);
    }
    return next;
  }
}
