import type { Sentence } from './wire.js';

/** The JSON of the emergency routes. Times are milliseconds since 1970. */
export interface EmergencyStep {
  readonly id: string;
  readonly title: Sentence;
  readonly question: Sentence;
  readonly required: boolean;
  readonly done: boolean;
  readonly answer?: string;
  readonly time?: number;
  readonly by?: string;
}

export interface Emergency {
  readonly id: string;
  readonly revision: number;
  readonly title: string;
  readonly severity: string;
  readonly declared: { readonly time: number; readonly by: string };
  readonly responsible?: string;
  readonly steps: readonly EmergencyStep[];
  readonly closed?: { readonly time: number; readonly by: string };
}

export interface EmergencyFile extends Emergency {
  readonly timeline: readonly {
    readonly time: number;
    readonly kind: string;
    readonly by?: string;
    readonly text: Sentence;
  }[];
}

export interface Emergencies {
  readonly open?: Emergency;
  readonly emergencies: readonly Emergency[];
}

export interface EmergencyPolicy {
  readonly about: Sentence;
  readonly severities: readonly {
    readonly id: string;
    readonly title: Sentence;
    readonly criteria: readonly Sentence[];
  }[];
}
