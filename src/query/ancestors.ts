import type { TerritoryTree } from '../territory/tree.js';

export interface AncestorsOptions {
  /** `atoms` (default): all units around; `arrows`: only those above along the arrows. */
  readonly ancestorsBy?: 'atoms' | 'arrows' | undefined;
  /** The levels that the field is to hold; all where absent. The tags themselves always stand in it. */
  readonly levels?: readonly string[] | undefined;
}

/** What the field with the ancestors of a document holds: its tags, and all units around each of them, by atoms. */
export class Ancestors {
  readonly #known = new Map<string, readonly string[]>();

  constructor(
    readonly tree: TerritoryTree,
    readonly options: AncestorsOptions = {},
  ) {}

  /**
   * In code order. A tag that is a former code counts as what took it over, and stands in the list too.
   *
   * @throws UnknownUnitError with all tags that the tree does not know
   */
  of(tags: readonly string[]): readonly string[] {
    if (tags.length === 1) return this.#ofOne(tags[0]!);
    this.tree.territoryOf(tags);
    return [...new Set(tags.flatMap((tag) => this.#ofOne(tag)))].sort();
  }

  #ofOne(tag: string): readonly string[] {
    let codes = this.#known.get(tag);
    if (codes === undefined) {
      const territory = this.tree.territoryOf([tag]);
      const { levels, ancestorsBy } = this.options;
      const around = ancestorsBy === 'arrows' ? [...this.#above(tag)] : territory.around({ levels });
      const kept = levels === undefined ? around : around.filter(({ level }) => levels.includes(level));
      codes = [...new Set([tag, ...kept.map(({ code }) => code)])].sort();
      this.#known.set(tag, codes);
    }
    return codes;
  }

  /** Along the arrows from the unit itself: a cover may write it as its parent, where both have the same atoms. */
  #above(tag: string) {
    const above = new Map(this.tree.resolve(tag)?.map((code) => [code, this.tree.unit(code)!]));
    for (const { parents } of above.values()) {
      for (const parent of parents) above.set(parent, this.tree.unit(parent)!);
    }
    return above.values();
  }
}
