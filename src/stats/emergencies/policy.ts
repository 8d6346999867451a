import type { Sentence } from '../history/types.js';

/** What counts as an emergency, and what is done in one. `config/emergency.yaml` is one. */
export interface EmergencyPolicy {
  /** What the process is for, in a few words. */
  readonly about: Sentence;
  /** The gravest first. */
  readonly severities: readonly Severity[];
  /** In the order in which they are worked. */
  readonly steps: readonly PolicyStep[];
}

export interface Severity {
  readonly id: string;
  readonly title: Sentence;
  /** What makes an emergency one of this severity. */
  readonly criteria: readonly Sentence[];
}

export interface PolicyStep {
  readonly id: string;
  readonly title: Sentence;
  /** What is to be answered. */
  readonly question: Sentence;
  /** Whether an emergency can't be closed before it is done. */
  readonly required: boolean;
}
