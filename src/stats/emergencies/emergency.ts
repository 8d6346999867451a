import type { Sentence } from '../history/types.js';
import type { PolicyStep } from './policy.js';

/** Something that was done to an emergency, by whom and when. Events are only ever added. */
export type EmergencyEvent =
  | (Done & { readonly kind: 'declared'; readonly data: Declaration })
  | (Done & { readonly kind: 'changed'; readonly data: Change })
  | (Done & { readonly kind: 'closed'; readonly data: Closing });

interface Done {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Name of who did it, as they gave it. */
  readonly by: string;
}

export interface Declaration {
  readonly title: string;
  readonly severity: string;
  /** The steps of the policy of that day. */
  readonly steps: readonly PolicyStep[];
}

export interface Change {
  readonly title?: string;
  readonly severity?: string;
  /** `null`: nobody. */
  readonly responsible?: string | null;
  readonly steps?: Readonly<Record<string, { readonly done: boolean; readonly answer?: string }>>;
  readonly note?: string;
}

export interface Closing {
  readonly cause: string;
  readonly followUp: string;
}

/** An emergency as it stands. Times in milliseconds since 1970. */
export interface Emergency {
  readonly id: string;
  /** Rises with every event; a change names the one it was made from. */
  readonly revision: number;
  readonly title: string;
  readonly severity: string;
  readonly declared: { readonly time: number; readonly by: string };
  readonly responsible?: string;
  readonly steps: readonly Step[];
  readonly closed?: { readonly time: number; readonly by: string } & Closing;
}

export interface Step extends PolicyStep {
  readonly done: boolean;
  readonly answer?: string;
  /** Of the last change. */
  readonly time?: number;
  readonly by?: string;
}

/** One line of the timeline: what somebody did, or what was filled in by itself. */
export interface TimelineEntry {
  readonly time: number;
  readonly kind:
    | 'declared'
    | 'changed'
    | 'step'
    | 'note'
    | 'closed'
    | 'tree'
    | 'delivery'
    | 'start'
    | 'anomaly'
    | 'webhook';
  /** Who did it; absent where it was filled in. */
  readonly by?: string;
  readonly text: Sentence;
}

/** An emergency with all that happened in it. */
export interface EmergencyFile extends Emergency {
  readonly timeline: readonly TimelineEntry[];
}

/** What was filled in; an entry with the key of another one is the same. */
export interface FilledEntry extends Omit<TimelineEntry, 'by'> {
  readonly key: string;
}

/** The emergency that its events make. @throws where the first is no declaration: the store holds what never was written */
export function replay(id: string, events: readonly EmergencyEvent[]): Emergency {
  const [first, ...others] = events;
  if (first?.kind !== 'declared') throw new Error(`the emergency [${id}] does not begin with its declaration`);
  const { time, by, data } = first;
  const emergency: Emergency = {
    id,
    revision: events.length,
    title: data.title,
    severity: data.severity,
    declared: { time, by },
    steps: data.steps.map((step) => ({ ...step, done: false })),
  };
  return others.reduce(applied, emergency);
}

function applied(emergency: Emergency, event: EmergencyEvent): Emergency {
  const { kind, time, by, data } = event;
  if (kind === 'declared') return emergency;
  if (kind === 'closed') return { ...emergency, closed: { time, by, ...data } };
  const { title = emergency.title, severity = emergency.severity, responsible, steps = {} } = data;
  const { responsible: before, ...rest } = emergency;
  const now = responsible === undefined ? before : (responsible ?? undefined);
  return {
    ...rest,
    ...{ title, severity },
    ...(now === undefined ? {} : { responsible: now }),
    steps: emergency.steps.map((step) => {
      const change = steps[step.id];
      if (change === undefined) return step;
      const answer = change.answer ?? step.answer;
      return { ...step, done: change.done, ...(answer === undefined ? {} : { answer }), time, by };
    }),
  };
}
