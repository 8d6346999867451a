import { type Mark, OTHER_KEY } from '../history/types.js';
import type { Finding } from './finding.js';
import type { Words } from './words.js';

type Subject = (words: Words, key: string) => string;

/** What each rule speaks of, in English and in French. */
const SUBJECTS: Readonly<Record<string, readonly [en: Subject, fr: Subject]>> = {
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
    (w, key) => `Searches for units in ${w.named(key)}, of all searches`,
    (w, key) => `Recherches sur des unités de ${w.named(key)}, parmi toutes les recherches`,
  ],
  rewritten: [() => 'Requests with a territory, of all requests', () => 'Requêtes avec un territoire, parmi toutes'],
  requests: [(_, key) => `Requests to ${key}, of all requests`, (_, key) => `Requêtes à ${key}, parmi toutes`],
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

/** One finding as a sentence without its end: what, how much, since when, what is usual. */
export function tell(words: Words, finding: Finding): string {
  const fr = words.language === 'fr';
  const { figures, since, until, against, rule, key } = finding;
  const when = words.time(since);
  if (rule === 'silence') {
    return fr
      ? `Aucune requête depuis ${when} ; à ces heures il y en a d’habitude ${words.range(figures.usual, 'requests')}`
      : `No requests since ${when}; at these hours there usually are ${words.range(figures.usual, 'requests')}`;
  }
  if (rule === 'deliveries') {
    const pause = words.range(figures.usual, 'hours');
    return fr
      ? `Aucune livraison depuis ${when} ; d’habitude elles se suivent à ${pause} d’écart`
      : `No delivery since ${when}; usually one comes ${pause} after the other`;
  }
  if (rule === 'tree') {
    return fr
      ? `La carte a perdu ${words.figure(figures.now, 'units')} que rien ne remplace`
      : `The map lost ${words.figure(figures.now, 'units')} that nothing took over`;
  }
  const subject = (SUBJECTS[rule]?.[fr ? 1 : 0] ?? (() => `${finding.series} ${key}`))(
    words,
    key === OTHER_KEY ? '' : key,
  );
  const now = words.figure(figures.now, figures.unit);
  const usual = words.range(figures.usual, figures.unit);
  const colon = fr ? ' : ' : ': ';
  if (against === 'trend') {
    return fr
      ? `${subject}${colon}${now}, chaque jour un peu plus depuis ${words.day(since)}, avant ${usual}`
      : `${subject}${colon}${now}, a little more every day since ${words.day(since)}, before ${usual}`;
  }
  const sameDay = until === undefined || words.day(until) === words.day(since);
  const end = until === undefined ? '' : sameDay ? words.clock(until) : words.time(until);
  const stretch =
    until === undefined
      ? fr
        ? `depuis ${when}`
        : `since ${when}`
      : fr
        ? `de ${when} à ${end}`
        : `from ${when} to ${end}`;
  const before =
    against === 'tree' && figures.usual[0] === figures.usual[1]
      ? fr
        ? `avant ${usual}`
        : `before ${usual}`
      : fr
        ? `d’habitude ${usual}`
        : `usually ${usual}`;
  return `${subject}${colon}${now} ${stretch}, ${before}`;
}

/** Findings of one cause as one sentence: the gravest, what it followed, and what else shows. */
export function sentenceOf(words: Words, findings: readonly Finding[], cause: Mark | undefined): string {
  const [main, ...others] = findings as [Finding, ...Finding[]];
  const parts = [tell(words, main)];
  if (cause !== undefined) parts.push(words.cause(cause));
  const also = others.length === 0 ? '' : alsoOf(words, others);
  const told = parts.join(words.language === 'fr' ? ' ; ' : '; ');
  return also === '' ? told : `${told}. ${also}`;
}

const ALSO = 3;

/** `Also: …, … and 4 more.` Departments of one rule stand together. */
function alsoOf(words: Words, findings: readonly Finding[]): string {
  const fr = words.language === 'fr';
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const told = [...byRule.values()].slice(0, ALSO).map((same) => brief(words, same));
  const more = byRule.size - told.length;
  if (more > 0) told.push(fr ? `${more} de plus` : `${more} more`);
  return `${fr ? 'Aussi : ' : 'Also: '}${words.list(told)}`;
}

function brief(words: Words, same: readonly Finding[]): string {
  const [first] = same as [Finding, ...Finding[]];
  const fr = words.language === 'fr';
  if (same.length === 1) {
    const text = tell(words, first).split(/ (?:since|from|depuis|de) (?=\p{L}+ \d\d:\d\d)/u)[0] as string;
    return lowered(text);
  }
  const subject = lowered((SUBJECTS[first.rule]?.[fr ? 1 : 0] ?? (() => first.rule))(words, first.key));
  const others = same.slice(1, 3).map(({ key }) => key);
  const more = same.length - 1 - others.length;
  const rest = more > 0 ? [...others, fr ? `${more} de plus` : `${more} more`] : others;
  return `${subject}, ${words.list(rest)}`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
