import type { Mark } from '../history/types.js';
import type { Finding } from './finding.js';

/** Findings of one cause, the one to speak of first. */
export interface Folded {
  readonly findings: readonly Finding[];
  readonly cause?: Mark;
  /** Whether none of it lasts. */
  readonly over: boolean;
}

const MINUTE = 60_000;
/** What begins within this of one another began together. */
const TOGETHER = 20 * MINUTE;
/** A mark that is told a moment late is still the cause. */
const SLACK = 5 * MINUTE;
/** Departments of one rule that are told one by one; of more the whole is told. */
const ONE_BY_ONE = 3;

/** What says most about a trouble comes first. */
const ORDER = [
  'silence',
  'unknown',
  'no_hits',
  'errors',
  'tree',
  'upstream_seconds',
  'upstream_seconds_slowest',
  'took_seconds',
];

/** One entry for each cause: what lasts before what is over, the gravest first. */
export function fold(findings: readonly Finding[], marks: readonly Mark[]): Folded[] {
  const groups: { findings: Finding[]; cause: Mark | undefined }[] = [];
  for (const finding of [...findings].sort((a, b) => b.evidence - a.evidence)) {
    const cause = causeOf(finding, marks);
    const group = groups.find((other) =>
      cause !== undefined && other.cause !== undefined
        ? cause === other.cause
        : other.findings.some((one) => beganTogether(one, finding)),
    );
    if (group === undefined) groups.push({ findings: [finding], cause });
    else {
      group.findings.push(finding);
      group.cause ??= cause;
    }
  }
  return groups
    .map(({ findings: same, cause }) => ({
      findings: inOrder(same),
      ...(cause === undefined ? {} : { cause }),
      over: same.every(({ until }) => until !== undefined),
    }))
    .sort((a, b) => Number(a.over) - Number(b.over) || weight(b) - weight(a));
}

function causeOf({ against, tree, since, within, wellUntil, rule }: Finding, marks: readonly Mark[]): Mark | undefined {
  if (against === 'tree') return marks.find((mark) => mark.kind === 'tree' && mark.time === tree);
  if (against !== 'weeks' || rule === 'tree') return undefined;
  const near = marks.filter(
    ({ kind, time, data }) =>
      (kind === 'tree' ? data.from !== undefined : kind === 'delivery') &&
      time >= wellUntil - SLACK &&
      time <= since + within,
  );
  return near.filter(({ kind }) => kind === 'tree').at(-1) ?? near.at(-1);
}

function beganTogether(a: Finding, b: Finding): boolean {
  const alone = ({ against, rule }: Finding) => against === 'trend' || rule === 'deliveries';
  if (alone(a) || alone(b)) return false;
  return Math.abs(a.since - b.since) <= Math.max(TOGETHER, a.within, b.within);
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const ofRule = (rule: string) => findings.filter((finding) => finding.rule === rule && finding.key !== '').length;
  const place = ({ rule, key }: Finding) => {
    const at = ORDER.indexOf(rule);
    const wholeFirst = ofRule(rule) > ONE_BY_ONE;
    return 2 * (at < 0 ? ORDER.length : at) + ((key === '') === wholeFirst ? 0 : 1);
  };
  return [...findings].sort((a, b) => place(a) - place(b) || b.affected - a.affected || b.evidence - a.evidence);
}

function weight({ findings }: Folded): number {
  return (
    Math.max(...findings.map(({ affected, evidence }) => affected * 100 + Math.log(evidence))) +
    (severityOf(findings) - 1) * 1000
  );
}

/** 2 where much of the traffic suffers, or most searches of a place, or nothing comes at all. */
export function severityOf(findings: readonly Finding[]): 1 | 2 {
  const grave = findings.some(
    ({ rule, affected, figures, until }) =>
      rule === 'silence' ||
      (affected >= 0.05 && rule !== 'searches') ||
      ((rule === 'no_hits' || rule === 'unknown') && until === undefined && figures.now >= 25),
  );
  return grave ? 2 : 1;
}
