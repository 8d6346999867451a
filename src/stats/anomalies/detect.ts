import type { Mark } from '../history/types.js';
import { findLostUnits } from './find-lost-units.js';
import { findMissingDeliveries } from './find-missing-deliveries.js';
import { findShare } from './find-shares.js';
import { findSilence } from './find-silence.js';
import { findTreeFault } from './find-tree-faults.js';
import { findLeak } from './find-trends.js';
import { findValue } from './find-values.js';
import type { Finding } from './finding.js';
import { Frame } from './frame.js';
import { type Measure, measuresOf } from './measures.js';
import type { SeriesTable } from './series-table.js';

/** History that there must be before anything is compared with earlier weeks: two of each day. */
export const LEARNING_MS = 14 * 86_400_000;

/** How long a tree is held to account for codes that it lost, while they are asked for. */
const TREES_MS = 7 * 86_400_000;

export interface Detection {
  readonly findings: readonly Finding[];
  /** When the history begins; absent while there is none. */
  readonly begins?: number;
  /** Whether earlier weeks are not yet enough to compare with. */
  readonly learning: boolean;
}

/**
 * Looks at every series: yesterday and today against the same hours of earlier weeks, since a new tree against before,
 * slow leaks, silence. It yields after each series, so that a caller may let other work in between.
 * @param marks oldest first
 */
export function* detect(table: SeriesTable, marks: readonly Mark[]): Generator<undefined, Detection> {
  const frame = new Frame(table, marks);
  yield undefined;
  const { begins } = frame;
  const learning = begins === undefined || table.now - begins < LEARNING_MS;
  const trees = frame.trees(frame.now - TREES_MS);
  const findings: Finding[] = trees
    .filter(({ time }) => time >= frame.yesterday)
    .map(findLostUnits)
    .filter((finding) => finding !== undefined);
  for (const measure of measuresOf(table)) {
    const found = [
      ...(trees.length > 0 && measure.kind === 'share' ? [findTreeFault(frame, measure, trees)] : []),
      ...(learning ? [] : againstWeeks(frame, measure)),
    ].filter((finding) => finding !== undefined);
    findings.push(...withoutDoubles(found));
    yield undefined;
  }
  if (!learning) {
    for (const finding of [findSilence(frame), findMissingDeliveries(frame)]) {
      if (finding !== undefined) findings.push(finding);
    }
  }
  return { findings, learning, ...(begins === undefined ? {} : { begins }) };
}

function againstWeeks(frame: Frame, measure: Measure): (Finding | undefined)[] {
  return [measure.kind === 'share' ? findShare(frame, measure) : findValue(frame, measure), findLeak(frame, measure)];
}

/** Of one series one finding: a jump that was found against earlier weeks knows best what is usual, a leak the least. */
function withoutDoubles(found: readonly Finding[]): Finding[] {
  const [tree] = found.filter(({ against }) => against === 'tree');
  const [weeks] = found.filter(({ against }) => against === 'weeks');
  const [leak] = found.filter(({ against }) => against === 'trend');
  if (tree !== undefined && weeks !== undefined) {
    // Told of the new tree where it began with it; what is usual the weeks know better.
    const same = weeks.since >= tree.since - 3_600_000;
    return same ? [{ ...tree, figures: { ...tree.figures, usual: weeks.figures.usual } }] : [weeks];
  }
  if (leak !== undefined && weeks !== undefined) return [weeks.since < leak.since ? weeks : leak];
  return [tree ?? weeks ?? leak].filter((finding) => finding !== undefined);
}
