import type { Territory } from '../territory/territory.js';
import type { TerritoryTree } from '../territory/tree.js';

/** A territory as the API takes it. */
export type TerritoryInput = { expression: string } | { codes: string[] };

/** Throws what `parse` and `territoryOf` throw. */
export function readTerritory(tree: TerritoryTree, input: TerritoryInput): Territory {
  return 'expression' in input ? tree.parse(input.expression) : tree.territoryOf(input.codes);
}

/** A territory as the API, and the command `resolve --json`, give it. */
export function toResolution(territory: Territory) {
  return { ...territory.toJSON(), units: territory.units, resolved: territory.resolved };
}

/** How a lies towards b. The empty territory is disjoint from every other. */
export function compareTerritories(a: Territory, b: Territory) {
  if (a.equals(b)) return 'equal';
  if (a.isDisjointFrom(b)) return 'disjoint';
  if (a.isSubsetOf(b)) return 'within';
  return a.isSupersetOf(b) ? 'contains' : 'intersects';
}
