import type { TerritoryTree } from '../territory/tree.js';

/** A group level has at most so many units, so that a history by group stays small. */
const MOST_GROUPS = 250;
/** Codes whose place is remembered. */
const CODES_KEPT = 20_000;
/** Earlier trees that still tell where a code lay that is unknown now. */
const TREES_KEPT = 3;

/** Where a code stands in the map of today. */
export interface CodePlace {
  /** The unit of the group level around it; where none is, the lowest unit around it above that level. */
  readonly group: string | undefined;
  /** What the code is now. */
  readonly state: 'current' | 'former' | 'unknown';
}

/** Tells the place of a code. */
export interface CodePlaces {
  of(code: string): CodePlace;
}

/**
 * The group of each code: the unit around it of the lowest level of the primary partition, from the top, that has at most 250
 * units (in France the departments). A code that today's tree does not know has the group of the last tree that knew it.
 */
export class Groups implements CodePlaces {
  readonly #current: () => TerritoryTree;
  /** The tree in use first, then the earlier ones, the last first. */
  #trees: { readonly tree: TerritoryTree; readonly levels: readonly string[] }[] = [];
  readonly #known = new Map<string, CodePlace>();

  constructor(current: () => TerritoryTree) {
    this.#current = current;
    this.refresh();
  }

  /** Notices a new tree. It must be called now and then, or an earlier tree is forgotten unseen. */
  refresh(): void {
    const tree = this.#current();
    if (this.#trees[0]?.tree === tree) return;
    this.#trees = [{ tree, levels: groupLevels(tree) }, ...this.#trees.filter((earlier) => earlier.tree !== tree)];
    this.#trees.length = Math.min(this.#trees.length, TREES_KEPT);
    this.#known.clear();
  }

  /** Tells of a tree that was in use before this process began. */
  remember(tree: TerritoryTree): void {
    this.refresh();
    if (this.#trees.some((known) => known.tree.version === tree.version)) return;
    this.#trees = [...this.#trees, { tree, levels: groupLevels(tree) }].slice(0, TREES_KEPT);
    this.#known.clear();
  }

  of(code: string): CodePlace {
    if (this.#current() !== this.#trees[0]?.tree) this.refresh();
    let place = this.#known.get(code);
    if (place === undefined) {
      place = this.#find(code);
      if (this.#known.size >= CODES_KEPT) this.#known.clear();
      this.#known.set(code, place);
    }
    return place;
  }

  #find(code: string): CodePlace {
    for (const [i, { tree, levels }] of this.#trees.entries()) {
      const codes = tree.resolve(code);
      if (codes === undefined) continue;
      const state = i > 0 ? 'unknown' : codes[0] === code ? 'current' : 'former';
      return { group: groupOf(tree, levels, codes), state };
    }
    return { group: undefined, state: 'unknown' };
  }
}

/** The group level and those above it, in their order. */
function groupLevels(tree: TerritoryTree): readonly string[] {
  const levels = tree.partitions[0]?.levels ?? [];
  const counts = tree.levelCounts();
  const tooMany = levels.findLastIndex((level) => (counts[level] ?? 0) > MOST_GROUPS);
  return levels.slice(tooMany + 1);
}

function groupOf(tree: TerritoryTree, levels: readonly string[], codes: readonly string[]): string | undefined {
  const territory = tree.territoryOf(codes);
  for (const level of levels) {
    const [unit] = territory.around({ levels: [level] });
    if (unit !== undefined) return unit.code;
  }
  return undefined;
}
