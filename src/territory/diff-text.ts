import { counted } from './counted.js';
import type { LevelChanges, NamedUnit, TreeDiff } from './diff.js';

const CHANGES: readonly (keyof LevelChanges)[] = ['created', 'removed', 'renamed', 'moved', 'merged', 'split'];

/** A diff as people read it: counts by level, then one block for each kind of change, one line for each unit. */
export function diffText(diff: TreeDiff): string {
  const { from, to, atoms } = diff;
  const head = [
    `from ${from.version}  ${counted(from.units, 'unit')}, ${counted(from.atoms, 'atom')}`,
    `to   ${to.version}  ${counted(to.units, 'unit')}, ${counted(to.atoms, 'atom')}`,
  ];
  const changes = CHANGES.some((kind) => diff[kind].length > 0);
  if (!changes && atoms.total === 0) return [...head, '', 'no unit differs', ''].join('\n');
  const table = levelTable(diff);
  const affected = `${counted(atoms.total, 'atom')} affected: ${atoms.created} created, ${atoms.removed} removed, ${atoms.moved} with other units around them`;
  const blocks = [
    block('created', diff.created, ({ from: old }) => (old.length > 0 ? `from ${old.join(', ')}` : '')),
    block('removed', diff.removed, ({ into }) => (into.length > 0 ? `into ${into.join(', ')}` : '')),
    block(
      'renamed',
      diff.renamed.map(({ code, from: label, to: now }) => ({ code, label, now })),
      ({ now }) => `→ ${now}`,
    ),
    block('moved', diff.moved, ({ left, joined }) =>
      [...left.map((code) => `- ${code}`), ...joined.map((code) => `+ ${code}`)].join(' '),
    ),
    block('merged', diff.merged, ({ codes }) => `← ${codes.join(', ')}`),
    block('split', diff.split, ({ into }) => `→ ${into.join(', ')}`),
  ];
  return [...head, '', ...table, '', affected, ...blocks.flat(), ''].join('\n');
}

function levelTable({ levels }: TreeDiff): string[] {
  const rows = Object.entries(levels).map(([level, counts]) => [level, ...CHANGES.map((kind) => String(counts[kind]))]);
  const table = [['level', ...CHANGES], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

function block<T extends NamedUnit>(title: string, units: readonly T[], rest: (unit: T) => string): string[] {
  if (units.length === 0) return [];
  const lines = units.map((unit) => ['', unit.code, unit.label, rest(unit)].join('  ').trimEnd());
  return ['', `${title} (${units.length})`, ...lines];
}
