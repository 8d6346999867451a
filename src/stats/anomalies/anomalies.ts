import type { Mark } from '../history/types.js';
import type { Anomaly } from './anomaly.js';
import type { Finding } from './finding.js';
import { fold, severityOf } from './fold.js';
import { sentenceOf } from './sentences.js';
import { type Language, Words } from './words.js';

/** A page that is read standing up holds no more. */
const MOST = 5;

interface Context {
  readonly marks: readonly Mark[];
  readonly now: number;
  readonly timeZone: string;
  readonly label: (code: string) => string | undefined;
}

/** Findings as anomalies: one for each cause, the gravest first, a handful; `more` were left out. */
export function toAnomalies(findings: readonly Finding[], context: Context): { anomalies: Anomaly[]; more: number } {
  const { marks, now, timeZone } = context;
  const label = withFormerLabels(context);
  const folded = fold(findings, marks);
  const words = (language: Language) => new Words(language, timeZone, now, label);
  const [en, fr] = [words('en'), words('fr')];
  const anomalies = folded.slice(0, MOST).map(({ findings: same, cause }): Anomaly => {
    const [main, ...others] = same as readonly [Finding, ...Finding[]];
    const over = same.every(({ until }) => until !== undefined);
    return {
      id: main.id,
      series: main.series,
      key: main.key,
      severity: severityOf(same),
      since: main.since,
      ...(over && main.until !== undefined ? { until: main.until } : {}),
      sentence: { en: sentenceOf(en, same, cause), fr: sentenceOf(fr, same, cause) },
      figures: main.figures,
      ...(cause === undefined ? {} : { cause: { kind: cause.kind, time: cause.time } }),
      also: others.map(({ series, key }) => ({ series, key })),
    };
  });
  return { anomalies, more: folded.length - anomalies.length };
}

/** A unit that the last tree lost is called what it was called before. */
function withFormerLabels({ marks, label }: Context): (code: string) => string | undefined {
  return (code) => {
    const now = label(code);
    if (now !== undefined) return now;
    for (const { kind, data } of [...marks].reverse()) {
      if (kind !== 'tree') continue;
      const units = (data.units ?? []) as readonly { code: string; label: string }[];
      const unit = units.find((one) => one.code === code);
      if (unit !== undefined) return unit.label;
    }
    return undefined;
  };
}
