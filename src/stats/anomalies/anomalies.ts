import type { Mark, Sentence } from '../history/types.js';
import type { Anomaly } from './anomaly.js';
import type { Finding } from './finding.js';
import { fold, severityOf } from './fold.js';
import { headlineOf, sentenceOf } from './sentences.js';
import { type Language, Words } from './words.js';

/** A page that is read standing up holds no more. */
const MOST = 5;

interface Context {
  readonly marks: readonly Mark[];
  readonly now: number;
  readonly timeZone: string;
  readonly label: (code: string) => string | undefined;
}

/** What was found, in words. */
export interface Told {
  /** One for each cause, in the order of `fold`, a handful. */
  readonly anomalies: Anomaly[];
  /** How many were left out. */
  readonly more: number;
  /** All of it in one sentence; absent where there is nothing. */
  readonly headline?: Sentence;
}

export function toAnomalies(findings: readonly Finding[], context: Context): Told {
  const { marks, now, timeZone } = context;
  const label = withFormerLabels(context);
  const folded = fold(findings, marks);
  const words = (language: Language) => new Words(language, timeZone, now, label);
  const [en, fr] = [words('en'), words('fr')];
  const anomalies = folded.slice(0, MOST).map((one): Anomaly => {
    const { findings: same, cause, over } = one;
    const [main, ...others] = same as readonly [Finding, ...Finding[]];
    return {
      id: main.id,
      series: main.series,
      key: main.key,
      severity: severityOf(same),
      since: main.since,
      ...(over && main.until !== undefined ? { until: main.until } : {}),
      sentence: { en: sentenceOf(en, one), fr: sentenceOf(fr, one) },
      figures: main.figures,
      ...(cause === undefined ? {} : { cause: { kind: cause.kind, time: cause.time } }),
      also: others.map(({ series, key }) => ({ series, key })),
    };
  });
  const [first] = folded;
  const others = folded.length - 1;
  return {
    anomalies,
    more: folded.length - anomalies.length,
    ...(first && { headline: { en: headlineOf(en, first, others), fr: headlineOf(fr, first, others) } }),
  };
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
