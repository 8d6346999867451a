import { type Arrows, degree } from './arrows.js';
import { counted } from './counted.js';
import type { BuildFault } from './errors.js';
import type { Partition } from './unit.js';
import type { UnitColumns } from './unit-columns.js';

/**
 * The partitions that were given, or the one that the contract allows; `undefined` where there is none. What is wrong
 * with those that were given is noted, and they are returned all the same, so that what is wrong with units is told too.
 */
export function choosePartitions(
  columns: UnitColumns,
  levels: { names: string[]; ofRow: Uint16Array },
  parents: Arrows,
  cycles: boolean,
  given: readonly Partition[] | undefined,
  faults: BuildFault[],
): readonly Partition[] | undefined {
  const fault = (code: string, message: string) =>
    faults.push({ fault: 'unknown_level', code, line: undefined, message });
  if (given === undefined || given.length === 0) {
    for (let row = 0; row < columns.rowCount; row++) {
      if (degree(parents, row) < 2) continue;
      const code = columns.codeOfRow(row);
      fault(
        code,
        `${code} has two parents, so the partitions must be named, e.g. [{name: 'main', levels: ['COM', 'DEP']}]`,
      );
      return undefined;
    }
    return cycles ? undefined : [{ name: 'primary', levels: levelsByDepth(levels, parents) }];
  }
  const owner = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, levels: own } of given) {
    if (names.has(name)) fault('', `two partitions are called "${name}"`);
    names.add(name);
    for (const level of own) {
      if (owner.has(level)) fault('', `level ${level} stands in the partitions "${owner.get(level)}" and "${name}"`);
      owner.set(level, name);
    }
  }
  levels.names.forEach((level, number) => {
    if (owner.has(level)) return;
    const units = levels.ofRow.reduce((sum, own) => sum + (own === number ? 1 : 0), 0);
    const example = columns.codeOfRow(levels.ofRow.indexOf(number));
    fault(example, `level ${level} (${counted(units, 'unit')}, e.g. ${example}) is in no partition`);
  });
  return given;
}

/** Levels from the deepest to the roots; those of one depth by name. */
function levelsByDepth(levels: { names: string[]; ofRow: Uint16Array }, parents: Arrows): string[] {
  const n = levels.ofRow.length;
  const depth = new Int32Array(n).fill(-1);
  const deepest = new Array<number>(levels.names.length).fill(0);
  for (let row = 0; row < n; row++) {
    const path: number[] = [];
    let at = row;
    while (at >= 0 && depth[at] === -1) {
      path.push(at);
      at = degree(parents, at) > 0 ? parents.targets[parents.offsets[at]!]! : -1;
    }
    let d = at < 0 ? -1 : depth[at]!;
    for (const one of path.reverse()) depth[one] = ++d;
    deepest[levels.ofRow[row]!] = Math.max(deepest[levels.ofRow[row]!]!, depth[row]!);
  }
  const numbers = levels.names.map((_, i) => i);
  numbers.sort((a, b) => deepest[b]! - deepest[a]! || (levels.names[a]! < levels.names[b]! ? -1 : 1));
  return numbers.map((i) => levels.names[i]!);
}
