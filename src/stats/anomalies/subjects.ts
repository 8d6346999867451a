import { OTHER_KEY } from '../history/types.js';
import type { Figures, Finding } from './finding.js';
import type { Words } from './words.js';

type Subject = (words: Words, key: string, figures: Figures) => string;

/** What each rule speaks of, in English and in French. */
const SUBJECTS: Readonly<Record<string, readonly [en: Subject, fr: Subject]>> = {
  silence: [() => 'No requests', () => 'Aucune requête'],
  deliveries: [() => 'No delivery', () => 'Aucune livraison'],
  tree: [
    (w, _, { now }) => `${w.figure(now, 'units')} lost from the map`,
    (w, _, { now }) => `${w.figure(now, 'units')} ${w.isOne(now) ? 'perdue' : 'perdues'} par la carte`,
  ],
  no_hits: [
    (w, key) => (key === '' ? 'Searches without hits' : `Searches without hits for units in ${w.named(key)}`),
    (w, key) =>
      key === '' ? 'Recherches sans résultat' : `Recherches sans résultat sur des unités de ${w.named(key)}`,
  ],
  unknown: [
    (w, key) =>
      key === ''
        ? 'Codes that the map does not know'
        : `Codes that the map no longer knows, for units in ${w.named(key)}`,
    (w, key) =>
      key === ''
        ? 'Codes que la carte ne connaît pas'
        : `Codes que la carte ne connaît plus, sur des unités de ${w.named(key)}`,
  ],
  former: [() => 'Former codes in searches', () => 'Anciens codes dans les recherches'],
  errors: [(_, key) => `Requests that end with ${key}`, (_, key) => `Requêtes qui finissent en ${key}`],
  cache: [() => 'Expansions that were not in the cache', () => 'Expansions absentes du cache'],
  searches: [
    (w, key) => `Share of searches for units in ${w.named(key)}`,
    (w, key) => `Part des recherches sur des unités de ${w.named(key)}`,
  ],
  rewritten: [() => 'Share of requests with a territory', () => 'Part des requêtes avec un territoire'],
  requests: [(_, key) => `Share of requests to ${key}`, (_, key) => `Part des requêtes à ${key}`],
  upstream_seconds: [() => 'Answers of Elasticsearch', () => 'Réponses d’Elasticsearch'],
  upstream_seconds_slowest: [
    () => 'The slowest answers of Elasticsearch',
    () => 'Les réponses d’Elasticsearch les plus lentes',
  ],
  took_seconds: [() => "Searches by Elasticsearch's own clock", () => 'Recherches, au chronomètre d’Elasticsearch'],
  took_seconds_slowest: [
    () => "The slowest searches by Elasticsearch's own clock",
    () => 'Les recherches les plus lentes, au chronomètre d’Elasticsearch',
  ],
  rewrite_seconds: [() => 'The slowest rewritings', () => 'Les réécritures les plus lentes'],
  hits: [() => 'Hits of a search, on average', () => 'Résultats d’une recherche, en moyenne'],
  expansion_terms: [
    () => 'Codes that a territory becomes, on average',
    () => 'Codes que devient un territoire, en moyenne',
  ],
  in_flight: [() => 'Requests under way', () => 'Requêtes en cours'],
  event_loop_delay: [() => 'Delays inside the proxy', () => 'Retards dans le proxy'],
  memory: [() => 'Memory of a proxy', () => 'Mémoire d’un proxy'],
  tag_faults: [(_, key) => `Documents with wrong tags (${key})`, (_, key) => `Documents mal étiquetés (${key})`],
};

/** What a finding speaks of, as the beginning of a sentence. */
export function subjectOf(words: Words, { rule, series, key, figures }: Finding): string {
  const subject = SUBJECTS[rule]?.[words.language === 'fr' ? 1 : 0] ?? (() => `${series} ${key}`);
  return subject(words, key === OTHER_KEY ? '' : key, figures);
}

/** The same within a sentence. */
export function loweredSubjectOf(words: Words, finding: Finding): string {
  const subject = subjectOf(words, finding);
  return subject.charAt(0).toLowerCase() + subject.slice(1);
}

/** Rules whose subject says all that there is to say. */
const WHOLE = new Set(['silence', 'deliveries', 'tree']);

/** A finding in a few words: `searches without hits (7.5 %)`. */
export function briefOf(words: Words, finding: Finding): string {
  const { rule, figures } = finding;
  const figure = WHOLE.has(rule) ? '' : ` (${words.figure(figures.now, figures.unit)})`;
  return `${loweredSubjectOf(words, finding)}${figure}`;
}
