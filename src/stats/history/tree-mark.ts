import type { TreeDiff } from '../../territory/diff.js';
import type { Mark, TreeMark } from './types.js';

/** Units that a mark names. */
const UNITS_NAMED = 50;

type Counts = Readonly<Record<string, number>>;

/** A tree by its version, with its units by level. */
export interface CountedTree {
  readonly version: string;
  readonly levels: Counts;
}

/**
 * The mark of a tree that came into use.
 * @param before the tree before; absent where the history begins
 * @param diff what changed between the two; without, only the counts are compared
 */
export function treeMark(time: number, after: CountedTree, before?: CountedTree, diff?: TreeDiff): Mark {
  const changes = diff === undefined ? byCounts(before?.levels ?? {}, after.levels) : byDiff(diff);
  const data: TreeMark = {
    ...(before === undefined ? {} : { from: before.version, levelsBefore: before.levels }),
    to: after.version,
    levels: after.levels,
    ...changes,
  };
  return {
    time,
    kind: 'tree',
    text: textOf(data),
    data: { ...data },
    key: `${before?.version ?? ''} ${after.version}`,
  };
}

function byCounts(before: Counts, after: Counts): Pick<TreeMark, 'added' | 'removed'> {
  const added: Record<string, number> = {};
  const removed: Record<string, number> = {};
  if (Object.keys(before).length === 0) return { added, removed };
  for (const level of new Set([...Object.keys(after), ...Object.keys(before)])) {
    const more = (after[level] ?? 0) - (before[level] ?? 0);
    if (more > 0) added[level] = more;
    if (more < 0) removed[level] = -more;
  }
  return { added, removed };
}

function byDiff({ levels, created, removed, renamed, moved }: TreeDiff): Omit<TreeMark, 'to' | 'levels'> {
  const counts = (change: 'created' | 'removed' | 'renamed' | 'moved'): Counts =>
    Object.fromEntries(
      Object.entries(levels).flatMap(([level, changes]) => (changes[change] > 0 ? [[level, changes[change]]] : [])),
    );
  const lost = counts('removed');
  const level = (code: string) => code.slice(0, code.indexOf(':'));
  // Departments before communes: of what is removed by the hundred some names are enough.
  const rareFirst = removed.toSorted((a, b) => (lost[level(a.code)] ?? 0) - (lost[level(b.code)] ?? 0));
  const units = [
    ...rareFirst.map(({ code, label, into }) => ({ code, label, change: 'removed' as const, others: into })),
    ...created.map(({ code, label, from }) => ({ code, label, change: 'added' as const, others: from })),
    ...renamed.map(({ code, to }) => ({ code, label: to, change: 'renamed' as const })),
    ...moved.map(({ code, label }) => ({ code, label, change: 'moved' as const })),
  ];
  return {
    added: counts('created'),
    removed: lost,
    renamed: counts('renamed'),
    moved: counts('moved'),
    units: units.slice(0, UNITS_NAMED),
  };
}

function textOf({ from, to, added, removed, renamed = {}, moved = {} }: TreeMark): string {
  if (from === undefined) return `Tree ${to} is in use; the history begins`;
  const list = (counts: Counts, what: string) =>
    Object.entries(counts).map(([level, count]) => `${count} ${level} ${what}`);
  const changes = [
    ...list(removed, 'removed'),
    ...list(added, 'added'),
    ...list(renamed, 'renamed'),
    ...list(moved, 'moved'),
  ];
  return `Tree ${to} came into use after ${from}: ${changes.length === 0 ? 'as many units of each level as before' : changes.join(', ')}`;
}
