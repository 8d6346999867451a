import type { Mark } from '../history/types.js';
import type { Finding } from './finding.js';

/** Levels of no more units are those that people know by name: none of them goes without something that takes over. */
const KNOWN_BY_NAME = 250;
/** Units of other levels that vanish without a successor in an ordinary year. */
const ORDINARY = 20;

/**
 * A new tree that lost units which nothing took over: whole departments, or communes by the dozen. It is told before the
 * first search suffers.
 */
export function findLostUnits({ time, data }: Mark): Finding | undefined {
  const removed = (data.removed ?? {}) as Record<string, number>;
  const before = (data.levelsBefore ?? {}) as Record<string, number>;
  const units = (data.units ?? []) as readonly { code: string; change: string; others?: readonly string[] }[];
  const listed = units.filter(({ change }) => change === 'removed');
  const gone = listed.filter(({ others }) => others === undefined || others.length === 0);
  // The list is bounded: what is beyond it fares as what is in it.
  const all = Object.values(removed).reduce((sum, count) => sum + count, 0);
  const lost = listed.length === 0 ? 0 : (all * gone.length) / listed.length;
  const byName = gone.some(
    ({ code }) => (before[code.split(':')[0] ?? ''] ?? Number.POSITIVE_INFINITY) <= KNOWN_BY_NAME,
  );
  if (!byName && lost <= ORDINARY) return undefined;
  return {
    id: `tree:${String(data.to)}`,
    rule: 'tree',
    series: 'tree_units',
    key: gone[0]?.code.split(':')[0] ?? '',
    ...{ since: time, within: 60_000, wellUntil: time, tree: time, against: 'tree' },
    figures: { now: Math.round(lost), usual: [0, ORDINARY], unit: 'units' },
    affected: 0,
    evidence: 10,
  };
}
