import type { TerritoryTree } from '../files/tree.js';
import { counted } from '../territory/counted.js';

/** What `tree build` and `tree inspect` say of a tree. */
export interface TreeDescription {
  readonly file: string;
  readonly version: string;
  readonly units: number;
  readonly atoms: number;
  readonly formerCodes: number;
  readonly bytes: number;
  /** In order, the primary one first; levels from the lowest, with the number of their units. */
  readonly partitions: readonly { readonly name: string; readonly levels: Readonly<Record<string, number>> }[];
}

export function describeTree(file: string, tree: TerritoryTree): TreeDescription {
  const counts = tree.levelCounts();
  return {
    file,
    version: tree.version,
    units: tree.unitCount,
    atoms: tree.atomCount,
    formerCodes: tree.formerCodeCount,
    bytes: tree.toBuffer().length,
    partitions: tree.partitions.map(({ name, levels }) => ({
      name,
      levels: Object.fromEntries(levels.map((level) => [level, counts[level] ?? 0])),
    })),
  };
}

export function treeText({ file, version, units, atoms, formerCodes, bytes, partitions }: TreeDescription): string {
  const width = Math.max(...partitions.map(({ name }) => name.length));
  const rows = partitions.map(({ name, levels }) => {
    const counts = Object.entries(levels).map(([level, count]) => `${level} ${count}`);
    return `  ${name.padEnd(width)}  ${counts.join('  ')}\n`;
  });
  return [
    `${file}\n`,
    `  version ${version}, ${(bytes / 1e6).toFixed(1)} MB\n`,
    `  ${counted(units, 'unit')}, ${atoms} of them ${atoms === 1 ? 'an atom' : 'atoms'}; ${counted(formerCodes, 'former code')}\n`,
    ...rows,
  ].join('');
}
