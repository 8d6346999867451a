import type { Mark } from '../history/types.js';
import type { Figures } from './finding.js';

export type Language = 'en' | 'fr';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };
const DAY = 86_400_000;

/** Names of the levels of France, singular and plural; a level of another map stands by its own name. */
const LEVELS: Readonly<Record<string, Readonly<Record<Language, readonly [string, string]>>>> = {
  ARM: {
    en: ['municipal arrondissement', 'municipal arrondissements'],
    fr: ['arrondissement municipal', 'arrondissements municipaux'],
  },
  COM: { en: ['commune', 'communes'], fr: ['commune', 'communes'] },
  DEP: { en: ['department', 'departments'], fr: ['département', 'départements'] },
  REG: { en: ['region', 'regions'], fr: ['région', 'régions'] },
  CNTRY: { en: ['country', 'countries'], fr: ['pays', 'pays'] },
  ARR: { en: ['arrondissement', 'arrondissements'], fr: ['arrondissement', 'arrondissements'] },
  EPCI: { en: ['EPCI', 'EPCI'], fr: ['EPCI', 'EPCI'] },
  EPT: { en: ['EPT', 'EPT'], fr: ['EPT', 'EPT'] },
};

/** In French. */
const FEMININE = new Set(['COM', 'REG']);

const PLURALS: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules(LOCALES.en),
  fr: new Intl.PluralRules(LOCALES.fr),
};

/** Singular and plural; the others are the same in both. */
const UNITS: Readonly<Record<Language, Partial<Record<Figures['unit'], readonly [string, string]>>>> = {
  en: {
    hits: ['hit', 'hits'],
    terms: ['code', 'codes'],
    requests: ['request', 'requests'],
    documents: ['document', 'documents'],
    hours: ['hour', 'hours'],
    units: ['unit', 'units'],
  },
  fr: {
    hits: ['résultat', 'résultats'],
    terms: ['code', 'codes'],
    requests: ['requête', 'requêtes'],
    documents: ['document', 'documents'],
    MB: ['Mo', 'Mo'],
    hours: ['heure', 'heures'],
    units: ['unité', 'unités'],
  },
};

/** Turns figures and times into words of a language, in a time zone. */
export class Words {
  constructor(
    readonly language: Language,
    readonly timeZone: string,
    readonly now: number,
    /** Name of a unit, of today's tree or an earlier one. */
    readonly label: (code: string) => string | undefined,
  ) {}

  /** `Tuesday 09:14`; what is a week old or more `3 March 09:14`. */
  time(time: number): string {
    return `${this.day(time)} ${this.clock(time)}`;
  }

  /** `09:14` */
  clock(time: number): string {
    return this.#format(time, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  }

  /** `Tuesday`, or `3 March`. */
  day(time: number): string {
    if (this.now - time < 6 * DAY) return this.#format(time, { weekday: 'long' });
    const date = this.#format(time, { day: 'numeric', month: 'long' });
    return this.language === 'fr' ? `le ${date}` : date;
  }

  /** `since Tuesday 09:14`; what is over `from Tuesday 09:14 to 10:00`. */
  stretch(since: number, until: number | undefined): string {
    const fr = this.language === 'fr';
    const from = this.time(since);
    if (until === undefined) return `${fr ? 'depuis' : 'since'} ${from}`;
    const to = this.day(until) === this.day(since) ? this.clock(until) : this.time(until);
    if (!fr) return `from ${from} to ${to}`;
    return `de ${from} à ${to}`.replace(/^de le /, 'du ').replace(/ à le /, ' au ');
  }

  number(value: number, digits = 2): string {
    const whole = Math.abs(value) >= 100 ? Math.round(value) : value;
    const format = numberFormat(LOCALES[this.language], Math.abs(value) >= 100 ? 21 : digits);
    // Ordinary spaces: these texts are read in a terminal too.
    return format.format(whole).replaceAll(/[\u00a0\u202f]/g, ' ');
  }

  /** `38 %`, `120 ms` */
  figure(value: number, unit: Figures['unit']): string {
    return `${this.number(value)} ${this.unit(unit, value)}`;
  }

  /** `2–5 %` */
  range([low, high]: readonly [number, number], unit: Figures['unit']): string {
    const from = this.number(low);
    const to = this.number(high);
    const told = `${to} ${this.unit(unit, high)}`;
    return from === to ? told : `${from}–${told}`;
  }

  unit(unit: Figures['unit'], count: number): string {
    const [one, many] = UNITS[this.language][unit] ?? [unit, unit];
    return this.isOne(count) ? one : many;
  }

  /** Whether a language speaks of so many in the singular: English of 1, French of all below 2. */
  isOne(count: number): boolean {
    return PLURALS[this.language].select(count) === 'one';
  }

  /** `DEP:69 (Rhône)` */
  named(code: string): string {
    const label = this.label(code);
    return label === undefined || label === '' ? code : `${code} (${label})`;
  }

  /** `1 department and 68 communes` */
  counted(counts: Readonly<Record<string, number>>): string {
    const parts = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .sort(([, a], [, b]) => a - b)
      .map(
        ([level, count]) =>
          `${this.number(count)} ${LEVELS[level]?.[this.language][this.isOne(count) ? 0 : 1] ?? level}`,
      );
    return this.list(parts);
  }

  list(parts: readonly string[]): string {
    const and = this.language === 'fr' ? ' et ' : ' and ';
    return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')}${and}${parts.at(-1)}`;
  }

  /** What came before: `the tree changed on Tuesday 09:12 (68 communes removed)`. */
  cause({ kind, time, data }: Mark): string {
    const when = this.time(time);
    const fr = this.language === 'fr';
    if (kind === 'delivery') return fr ? `une livraison est arrivée ${when}` : `a delivery came on ${when}`;
    if (kind === 'start') return fr ? `le proxy a démarré ${when}` : `the proxy started on ${when}`;
    const changes = this.#changes(data);
    const told = changes === '' ? '' : ` (${changes})`;
    return fr ? `la carte a changé ${when}${told}` : `the tree changed on ${when}${told}`;
  }

  /** The same in short: `after a new tree`. */
  after({ kind }: Mark): string {
    const fr = this.language === 'fr';
    if (kind === 'delivery') return fr ? 'après une livraison' : 'after a delivery';
    if (kind === 'start') return fr ? 'après un démarrage' : 'after a start';
    return fr ? 'après un changement de carte' : 'after a new tree';
  }

  /** `2 other things` */
  otherThings(count: number): string {
    const one = this.isOne(count);
    if (this.language === 'fr') return `${this.number(count)} ${one ? 'autre chose' : 'autres choses'}`;
    return `${this.number(count)} ${one ? 'other thing' : 'other things'}`;
  }

  /** What happened, without its time: `new tree 0123…: 68 communes removed`. */
  mark({ kind, text, data }: Mark): string {
    const fr = this.language === 'fr';
    switch (kind) {
      case 'delivery':
        return this.#delivery(text, data);
      case 'start':
        return fr ? 'le proxy a démarré' : 'the proxy started';
      case 'emergency': {
        if (data.what === 'closed') return fr ? 'l’urgence a été close' : 'the emergency was closed';
        return fr ? 'une urgence a été déclarée' : 'an emergency was declared';
      }
      case 'tree': {
        const tree = `${fr ? 'nouvelle carte' : 'new tree'} ${data.to}`;
        if (data.from === undefined) return fr ? `${tree} ; l’historique commence` : `${tree}; the history begins`;
        const changes = this.#changes(data) || (fr ? 'autant d’unités qu’avant' : 'as many units as before');
        return `${tree}${fr ? ' :' : ':'} ${changes}`;
      }
    }
  }

  #delivery(text: string, { source, CREATE, AMEND, REMOVE }: Mark['data']): string {
    const fr = this.language === 'fr';
    const from = source === undefined ? '' : ` (${String(source)})`;
    const parts = Object.entries({ CREATE, AMEND, REMOVE })
      .filter(([, count]) => typeof count === 'number' && count > 0)
      .map(([change, count]) => `${this.number(count as number)} ${change}`);
    if (parts.length > 0)
      return `${fr ? 'une livraison est arrivée' : 'a delivery came'}${from}${fr ? ' : ' : ': '}${this.list(parts)}`;
    if (CREATE !== undefined)
      return `${fr ? 'une livraison est arrivée' : 'a delivery came'}${from}${fr ? ', sans changement' : ', without changes'}`;
    // What another delivery says of itself is English.
    return fr ? 'une livraison est arrivée' : `a delivery came: ${text}`;
  }

  #changes(data: Mark['data']): string {
    const kinds: readonly [key: string, fr: string][] = [
      ['removed', 'supprimé'],
      ['added', 'ajouté'],
      ['renamed', 'renommé'],
      ['moved', 'déplacé'],
    ];
    const parts = kinds.flatMap(([key, fr]) => {
      const counts = (data[key] ?? {}) as Record<string, number>;
      const text = this.counted(counts);
      return text === '' ? [] : [this.language === 'fr' ? `${this.#agreed(fr, counts)} : ${text}` : `${text} ${key}`];
    });
    return parts.join(this.language === 'fr' ? ' ; ' : ', ');
  }

  /** A French participle as it agrees with units: `supprimé`, `supprimées`. */
  #agreed(participle: string, counts: Readonly<Record<string, number>>): string {
    const present = Object.entries(counts).filter(([, count]) => count > 0);
    const isFeminine = present.every(([level]) => FEMININE.has(level));
    const isOne = this.isOne(present.reduce((sum, [, count]) => sum + count, 0));
    return `${participle}${isFeminine ? 'e' : ''}${isOne ? '' : 's'}`;
  }

  #format(time: number, options: Intl.DateTimeFormatOptions): string {
    return timeFormat(LOCALES[this.language], { ...options, timeZone: this.timeZone }).format(time);
  }
}

/** Making a format takes a hundred times as long as using it, and there are a dozen of them. */
const FORMATS = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function timeFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${locale} ${JSON.stringify(options)}`;
  const format = FORMATS.get(id) ?? new Intl.DateTimeFormat(locale, options);
  FORMATS.set(id, format);
  return format as Intl.DateTimeFormat;
}

function numberFormat(locale: string, maximumSignificantDigits: number): Intl.NumberFormat {
  const id = `${locale} ${maximumSignificantDigits}`;
  const format = FORMATS.get(id) ?? new Intl.NumberFormat(locale, { maximumSignificantDigits });
  FORMATS.set(id, format);
  return format as Intl.NumberFormat;
}
