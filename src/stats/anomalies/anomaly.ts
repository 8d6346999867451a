import type { Mark, Sentence } from '../history/types.js';
import type { Figures } from './finding.js';

/** Something that is not as it uses to be, in words. All that has one cause is one anomaly. */
export interface Anomaly {
  /** The same for the same trouble at every look. */
  readonly id: string;
  /** The series whose chart shows it; an empty key stands for all keys, or for a series without. */
  readonly series: string;
  readonly key: string;
  /** 2: grave. 1: worth a look. */
  readonly severity: 1 | 2;
  /** In milliseconds since 1970; `until` is absent while it lasts. */
  readonly since: number;
  readonly until?: number;
  readonly sentence: Sentence;
  readonly figures: Figures;
  /** What came right before it began. */
  readonly cause?: Pick<Mark, 'kind' | 'time'>;
  /** What else shows of it. */
  readonly also: readonly { readonly series: string; readonly key: string }[];
}
