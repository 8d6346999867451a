import type { Anomaly } from '../anomalies/anomaly.js';
import type { ToldMark } from '../anomalies/standup.js';
import type { Emergency, EmergencyEvent, FilledEntry, TimelineEntry } from './emergency.js';

const DAY = 86_400_000;
/** What happened this long before the declaration may have to do with it. */
const BEFORE = DAY;

/** All that was done, and what was filled in, the oldest first. */
export function timelineOf(
  emergency: Emergency,
  events: readonly EmergencyEvent[],
  filled: readonly FilledEntry[],
): TimelineEntry[] {
  const done = events.flatMap((event) => entriesOf(emergency, event));
  const entries = [...done, ...filled.map(({ key: _, ...entry }) => entry)];
  return entries
    .map((entry, i) => ({ entry, i }))
    .sort((a, b) => a.entry.time - b.entry.time || a.i - b.i)
    .map(({ entry }) => entry);
}

function entriesOf(emergency: Emergency, event: EmergencyEvent): TimelineEntry[] {
  const { time, by } = event;
  const entry = (kind: TimelineEntry['kind'], en: string, fr: string) => ({ time, by, kind, text: { en, fr } });
  if (event.kind === 'declared') {
    const { title, severity } = event.data;
    return [entry('declared', `declared (${severity}): ${title}`, `déclarée (${severity}) : ${title}`)];
  }
  if (event.kind === 'closed') {
    const { cause } = event.data;
    return [entry('closed', `closed; cause: ${cause}`, `close ; cause : ${cause}`)];
  }
  const { title, severity, responsible, steps = {}, note } = event.data;
  return [
    ...(title === undefined ? [] : [entry('changed', `title: ${title}`, `titre : ${title}`)]),
    ...(severity === undefined ? [] : [entry('changed', `severity: ${severity}`, `gravité : ${severity}`)]),
    ...(responsible === undefined
      ? []
      : responsible === null
        ? [entry('changed', 'nobody is responsible', 'plus de responsable')]
        : [entry('changed', `responsible: ${responsible}`, `responsable : ${responsible}`)]),
    ...Object.entries(steps).map(([id, { done, answer }]) => {
      const step = emergency.steps.find((one) => one.id === id);
      const told = (colon: string) => (answer === undefined || answer === '' ? '' : `${colon}${answer}`);
      return entry(
        'step',
        `step “${step?.title.en ?? id}” ${done ? 'done' : 'not done yet'}${told(': ')}`,
        `étape « ${step?.title.fr ?? id} » ${done ? 'faite' : 'pas encore faite'}${told(' : ')}`,
      );
    }),
    ...(note === undefined ? [] : [entry('note', note, note)]),
  ];
}

/** What the stand-up shows, as entries for the timeline of an emergency that is open. */
export function entriesFrom(
  { declared }: Emergency,
  { marks, anomalies }: { readonly marks: readonly ToldMark[]; readonly anomalies: readonly Anomaly[] },
): FilledEntry[] {
  const from = declared.time - BEFORE;
  const fromMarks = marks.flatMap(({ kind, time, sentence, data }) =>
    kind === 'emergency' || time < from
      ? []
      : [{ key: `${kind}:${time}:${String(data.to ?? '')}`, time, kind, text: sentence }],
  );
  const fromAnomalies = anomalies
    .filter(({ since, until }) => (until ?? Number.POSITIVE_INFINITY) >= from && since >= from - 7 * DAY)
    // The moment at which it began may be told more exactly at the next look: of one day it is one.
    .map(({ id, since, sentence }) => ({
      key: `anomaly:${id}:${Math.floor(since / DAY)}`,
      time: since,
      kind: 'anomaly' as const,
      text: sentence,
    }));
  return [...fromMarks, ...fromAnomalies];
}
