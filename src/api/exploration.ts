import { inCodeOrder } from '../territory/code-order.js';
import { around, covering, inside, sizeOf, spansOf, touching } from '../territory/covering.js';
import * as sets from '../territory/spans.js';
import type { Territory } from '../territory/territory.js';
import type { TerritoryTree } from '../territory/tree.js';

/** Units listed at most; the counts are of all. */
const LISTED = 200;
/** A level with more units is no level to draw a map of. */
const MOST_SHARES = 250;

/** A unit in a list: enough to show it and to ask for more. */
export interface ExploredUnit {
  readonly code: string;
  readonly label: string;
  readonly inhabitants: number | undefined;
  readonly atoms: number;
}

/** The lowest level of the primary partition with no more units than a map can show: in France the departments. */
export function mapLevel(tree: TerritoryTree): string {
  const counts = tree.levelCounts();
  const levels = tree.partitions[0]?.levels ?? [];
  // A country of few units has its lowest levels on the map, but not its atoms, which would all be wholly in or out.
  const above = levels.length > 1 ? levels.slice(1) : levels;
  return above.find((level) => (counts[level] ?? 0) <= MOST_SHARES) ?? above.at(-1) ?? '';
}

/** All that the explorer shows of a territory. */
export function explore(tree: TerritoryTree, territory: Territory, shorthand: string) {
  const { snapshot } = tree;
  const { spans } = territory;
  const list = (units: readonly number[]) => ({
    total: units.length,
    units: Array.from(inCodeOrder(snapshot, units).subarray(0, LISTED), (unit) => describe(tree, unit)),
  });
  const cover = territory.codes.map((code) => tree.indexOf(code));
  const large = territory.isEmpty ? [] : covering(snapshot, spans);
  const known = cover.map((unit) => tree.inhabitantsAt(unit)).filter((people) => people !== undefined);
  const level = mapLevel(tree);
  return {
    version: tree.version,
    atomCount: territory.atomCount,
    inhabitants: known.length === 0 ? undefined : known.reduce((sum, people) => sum + people, 0),
    resolved: territory.resolved,
    cover: list(cover),
    covering: list(large),
    around: list(territory.isEmpty ? [] : around(snapshot, spans)),
    inside: Object.fromEntries(
      tree.levels.map((name) => [
        name,
        territory.isEmpty ? 0 : inside(snapshot, spans, tree.levelFilter([name])).length,
      ]),
    ),
    smallest: territory.isEmpty ? undefined : territory.lowestCommonAncestor()?.code,
    map: { level, shares: shares(tree, territory, level) },
    forms: forms(shortest(tree, territory, large), shorthand),
  };
}

function describe(tree: TerritoryTree, unit: number): ExploredUnit {
  const inhabitants = tree.inhabitantsAt(unit);
  return { code: tree.codeAt(unit), label: tree.labelAt(unit), inhabitants, atoms: tree.atomCountAt(unit) };
}

/** What part of the atoms of each unit of a level lies in the territory, of those that share any. */
function shares(tree: TerritoryTree, { spans, isEmpty }: Territory, level: string) {
  if (isEmpty || level === '') return [];
  const { snapshot } = tree;
  const units = touching(snapshot, spans, tree.levelFilter([level]));
  return Array.from(inCodeOrder(snapshot, units), (unit) => {
    const atoms = sizeOf(snapshot, unit);
    const shared = sets.size(sets.intersection(spansOf(snapshot, unit), spans));
    return { code: tree.codeAt(unit), label: tree.labelAt(unit), atoms, shared };
  });
}

/** The shortest way to write it: one unit of any partition that is the same, else the cover. */
function shortest(
  tree: TerritoryTree,
  { codes, atomCount }: Territory,
  covering: readonly number[],
): readonly string[] {
  if (codes.length === 1) return codes;
  const same = covering.find((unit) => tree.atomCountAt(unit) === atomCount);
  return same === undefined ? codes : [tree.codeAt(same)];
}

/** The territory as it can be written in a request. */
function forms(codes: readonly string[], shorthand: string) {
  const lucene = codes.length === 1 ? `${shorthand}:${codes[0]}` : `${shorthand}:(${codes.join(' OR ')})`;
  return {
    lucene,
    clause: JSON.stringify({ [shorthand]: { codes } }),
    url: `q=${encodeURIComponent(lucene).replaceAll('%20', '+').replaceAll('%3A', ':')}`,
  };
}
