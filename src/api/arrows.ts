import { inCodeOrder } from '../territory/code-order.js';
import { closure } from '../territory/covering.js';
import type { TerritoryTree } from '../territory/tree.js';

export const DIRECTIONS = ['parents', 'children', 'ancestors', 'descendants'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * The indices of the units to which the arrows of one unit lead, in code order. Not those of the territory that the unit is: the cover
 * of `COM:75056` (Paris) is `DEP:75`, whose parent is a region and whose child is `COM:75056` itself.
 * @param index of the unit in the tree
 */
export function along(tree: TerritoryTree, index: number, direction: Direction): Uint32Array {
  const { parentOffsets, parents, childOffsets, children } = tree.snapshot.sections;
  const up = direction === 'parents' || direction === 'ancestors';
  const [offsets, targets] = up ? [parentOffsets, parents] : [childOffsets, children];
  const first = Array.from(targets.subarray(offsets[index], offsets[index + 1]));
  const isOneStep = direction === 'parents' || direction === 'children';
  const found = isOneStep ? first : closure(tree.snapshot, first, up ? 'parents' : 'children');
  return inCodeOrder(tree.snapshot, found);
}
