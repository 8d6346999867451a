import type { Sentence } from '../history/types.js';
import type { EmergencyFile } from './emergency.js';
import type { EmergencyPolicy } from './policy.js';

export interface PostMortemOptions {
  readonly language: 'en' | 'fr';
  readonly timeZone: string;
}

const TEXTS = {
  en: {
    title: 'Post-mortem',
    open: 'The emergency is still open: this is a draft.',
    severity: 'Severity',
    declared: 'Declared',
    closed: 'Closed',
    lasted: 'Lasted',
    responsible: 'Responsible',
    nobody: 'nobody',
    by: 'by',
    cause: 'Cause',
    followUp: 'Follow-up',
    steps: 'Steps',
    unanswered: 'not answered',
    timeline: 'Timeline',
    itself: 'filled in by itself',
    notYet: 'not told yet',
  },
  fr: {
    title: 'Post-mortem',
    open: 'L’urgence est encore ouverte : ceci est un brouillon.',
    severity: 'Gravité',
    declared: 'Déclarée',
    closed: 'Close',
    lasted: 'Durée',
    responsible: 'Responsable',
    nobody: 'personne',
    by: 'par',
    cause: 'Cause',
    followUp: 'Suites',
    steps: 'Étapes',
    unanswered: 'sans réponse',
    timeline: 'Chronologie',
    itself: 'rempli automatiquement',
    notYet: 'pas encore dit',
  },
} as const;

/** The record of an emergency in Markdown, for whoever was not there. What people wrote is text in it, never markup. */
export function postMortem(
  file: EmergencyFile,
  policy: EmergencyPolicy,
  { language, timeZone }: PostMortemOptions,
): string {
  const t = TEXTS[language];
  const say = (sentence: Sentence) => plain(sentence[language]);
  const time = (moment: number) => format(moment, language, timeZone);
  const { declared, closed, responsible, steps, timeline } = file;
  const severity = policy.severities.find(({ id }) => id === file.severity)?.title;
  const lines = [
    `# ${t.title}: ${plain(file.title)}`,
    '',
    ...(closed === undefined ? [`*${t.open}*`, ''] : []),
    `- ${t.severity}: ${severity === undefined ? plain(file.severity) : say(severity)}`,
    `- ${t.declared}: ${time(declared.time)}, ${t.by} ${plain(declared.by)}`,
    ...(closed === undefined
      ? []
      : [
          `- ${t.closed}: ${time(closed.time)}, ${t.by} ${plain(closed.by)}`,
          `- ${t.lasted}: ${duration(closed.time - declared.time)}`,
        ]),
    `- ${t.responsible}: ${responsible === undefined ? t.nobody : plain(responsible)}`,
    `- id: ${plain(file.id)}`,
    '',
    `## ${t.cause}`,
    '',
    ...paragraphs(closed?.cause ?? t.notYet),
    '',
    `## ${t.followUp}`,
    '',
    ...paragraphs(closed?.followUp ?? t.notYet),
    '',
    `## ${t.steps}`,
    '',
    ...steps.flatMap((step) => [
      `- [${step.done ? 'x' : ' '}] **${say(step.title)}** (${say(step.question)})`,
      `  ${step.answer === undefined || step.answer === '' ? `*${t.unanswered}*` : plain(step.answer)}${step.by === undefined || step.time === undefined ? '' : ` (${plain(step.by)}, ${time(step.time)})`}`,
    ]),
    '',
    `## ${t.timeline} (${plain(timeZone)})`,
    '',
    ...timeline.map(
      ({ time: at, by, text }) => `- ${time(at)}, ${by === undefined ? `*${t.itself}*` : plain(by)}: ${say(text)}`,
    ),
    '',
  ];
  return lines.join('\n');
}

/** Text on one line, in which nothing is markup. */
function plain(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>#+!|~&$]/g, '\\$&')
    .replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' / ')
    .trim();
}

/** Text with its lines, each of them a paragraph; what begins as a list or a heading would does not become one. */
function paragraphs(text: string): string[] {
  return text
    .split(/[\r\n\u2028\u2029]+/)
    .filter((line) => line.trim() !== '')
    .flatMap((line, i) => [...(i > 0 ? [''] : []), plain(line).replace(/^([-=]|\d+(?=\.))/, '\\$1')]);
}

function format(time: number, language: 'en' | 'fr', timeZone: string): string {
  const locale = { en: 'en-GB', fr: 'fr-FR' }[language];
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(time);
}

/** `1 h 05 min` */
function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}
