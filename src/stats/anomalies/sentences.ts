import type { Finding } from './finding.js';
import type { Folded } from './fold.js';
import { briefOf, loweredSubjectOf, subjectOf } from './subjects.js';
import type { Words } from './words.js';

/** One finding as a sentence without its end: what, how much, since when, what is usual. */
function tell(words: Words, finding: Finding): string {
  const fr = words.language === 'fr';
  const { figures, since, until, against, rule } = finding;
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
  const subject = subjectOf(words, finding);
  const now = words.figure(figures.now, figures.unit);
  const usual = words.range(figures.usual, figures.unit);
  const colon = fr ? ' : ' : ': ';
  if (against === 'trend') {
    return fr
      ? `${subject}${colon}${now}, chaque jour un peu plus depuis ${words.day(since)}, avant ${usual}`
      : `${subject}${colon}${now}, a little more every day since ${words.day(since)}, before ${usual}`;
  }
  const before =
    against === 'tree' && figures.usual[0] === figures.usual[1]
      ? fr
        ? `avant ${usual}`
        : `before ${usual}`
      : fr
        ? `d’habitude ${usual}`
        : `usually ${usual}`;
  return `${subject}${colon}${now} ${words.stretch(since, until)}, ${before}`;
}

/** Findings of one cause as one sentence: the gravest, what it followed, and what else shows. */
export function sentenceOf(words: Words, { findings, cause }: Folded): string {
  const [main, ...others] = findings as readonly [Finding, ...Finding[]];
  const parts = [tell(words, main)];
  if (cause !== undefined) parts.push(words.cause(cause));
  const also = others.length === 0 ? '' : alsoOf(words, others);
  const told = parts.join(words.language === 'fr' ? ' ; ' : '; ');
  return also === '' ? told : `${told}. ${also}`;
}

const ALSO = 3;

/** `Also unusual: …; …; 4 other things`. Departments of one rule stand together. */
function alsoOf(words: Words, findings: readonly Finding[]): string {
  const fr = words.language === 'fr';
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const told = [...byRule.values()].slice(0, ALSO).map((same) => together(words, same));
  const more = byRule.size - told.length;
  if (more > 0) told.push(words.otherThings(more));
  return `${fr ? 'Inhabituel aussi : ' : 'Also unusual: '}${told.join(fr ? ' ; ' : '; ')}`;
}

/** Findings of one rule: one with its figure, several by their names. */
function together(words: Words, same: readonly Finding[]): string {
  const [first] = same as [Finding, ...Finding[]];
  if (same.length === 1) return briefOf(words, first);
  const others = same.slice(1, 3).map(({ key }) => words.named(key));
  const more = same.length - 1 - others.length;
  if (more > 0) others.push(words.language === 'fr' ? `${more} de plus` : `${more} more`);
  return words.list([loweredSubjectOf(words, first), ...others]);
}

/**
 * What is read from afar: what, where, since when, after what. Figures are for who comes near.
 * @param others how many more things are to be told
 */
export function headlineOf(words: Words, { findings, cause, over }: Folded, others: number): string {
  const fr = words.language === 'fr';
  const [main] = findings as readonly [Finding, ...Finding[]];
  const { since, until, against } = main;
  const when =
    against === 'trend'
      ? `${fr ? 'depuis' : 'since'} ${words.day(since)}`
      : words.stretch(since, over ? until : undefined);
  const after = cause === undefined ? '' : `, ${words.after(cause)}`;
  const more = others === 0 ? '' : `, ${fr ? 'et' : 'and'} ${words.otherThings(others)}`;
  return `${fr ? 'Inhabituel' : 'Unusual'} ${when}${after}${fr ? ' : ' : ': '}${loweredSubjectOf(words, main)}${more}.`;
}
