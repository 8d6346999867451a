import { setImmediate as otherWork } from 'node:timers/promises';
import type { HistoryReader, HistoryState, Mark, Sentence } from '../history/types.js';
import { type Told, toAnomalies } from './anomalies.js';
import type { Anomaly } from './anomaly.js';
import { detect, LEARNING_MS } from './detect.js';
import { distinctMarks } from './distinct-marks.js';
import { HistoryFeed, type ReadSketch } from './history-feed.js';
import { LocalClock } from './local-clock.js';
import { SeriesTable } from './series-table.js';
import { Words } from './words.js';

const MINUTE = 60_000;
/** What goes wrong is on the page within a minute: it is written within ten seconds, and looked at in twenty more. */
const EVERY_MS = 20_000;
/** The first look, when the start is over and the history is open. */
const FIRST_MS = 12_000;
/** Looks after a new tree. */
const SOON_MS = [3_000, 12_000, 24_000, 36_000, 48_000];
const DAY = 86_400_000;
/** Milliseconds of work until something else may have its turn. */
const SLICE = 4;
/** How far back is read again each time, and now and then: proxies may write late. */
const AGAIN = 3 * MINUTE;
const AGAIN_LATE = 60 * MINUTE;

const NO_HISTORY: Sentence = {
  en: 'No history is kept (history: off), so there is nothing to compare with.',
  fr: 'Aucun historique n’est conservé (history: off) : il n’y a rien à comparer.',
};

/** An emergency that is open, as every page shows it. What it is about needs the admin right. */
export interface OpenEmergency {
  readonly severity: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly id?: string;
  readonly title?: string;
  readonly responsible?: string;
}

/** A mark in words, without its time. */
export interface ToldMark extends Mark {
  readonly sentence: Sentence;
}

/** All that a team looks at standing up. Times in milliseconds since 1970. */
export interface StandupReport {
  readonly state: 'well' | 'look' | 'emergency';
  readonly sentence: Sentence;
  /** When it was computed; 0 before the first look. */
  readonly at: number;
  /** Why earlier weeks are not compared with yet, and when they will be. */
  readonly learning?: Sentence;
  /** What lasts before what is over, the gravest first, at most a handful; `more` were left out. */
  readonly anomalies: readonly Anomaly[];
  readonly more: number;
  /** What happened since the beginning of the day before yesterday, the oldest first. */
  readonly marks: readonly ToldMark[];
  readonly history: HistoryState;
  readonly emergency?: OpenEmergency;
}

export interface StandupSources {
  readonly history: HistoryReader;
  /** Label of a current unit. */
  label(code: string): string | undefined;
  readonly sketch: ReadSketch;
  /** The open emergency; rejects where the store does not answer. */
  emergency(): Promise<OpenEmergency | undefined>;
  /** Told of what went wrong while looking; the last report stays. */
  failed(error: unknown): void;
}

export interface StandupOptions {
  /** Name of a zone, `Europe/Paris`: its days and hours are compared. */
  readonly timeZone: string;
  /** Milliseconds between two looks; 20,000 where absent. */
  readonly everyMs?: number;
  readonly now?: () => number;
}

type Judged = Told & Pick<StandupReport, 'marks' | 'at' | 'learning'>;

/**
 * Looks for anomalies a few times a minute, off the path of requests, and holds what it found. `report` answers at once.
 * Whoever wants to know is told of each new report.
 */
export class Standup {
  readonly #sources: StandupSources;
  readonly #options: StandupOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #table: SeriesTable;
  #feed: HistoryFeed;
  #judged: Judged;
  #emergency: OpenEmergency | undefined;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout[] = [];
  #lateRead = 0;
  #wasOk = true;

  constructor(sources: StandupSources, options: StandupOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    [this.#table, this.#feed] = this.#empty();
    this.#judged = { anomalies: [], more: 0, marks: [], at: 0 };
  }

  /** The zone whose days and hours are compared. */
  get timeZone(): string {
    return this.#options.timeZone;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    const { everyMs = EVERY_MS } = this.#options;
    this.#timer = setInterval(() => void this.look(), everyMs).unref();
    this.#later(Math.min(FIRST_MS, everyMs));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#soon) clearTimeout(timer);
    await this.#looking;
  }

  /** Something happened that may soon do harm (a new tree): looks more often for a minute. */
  lookSoon(): void {
    for (const timer of this.#soon) clearTimeout(timer);
    this.#soon = [];
    for (const milliseconds of SOON_MS) this.#later(milliseconds);
  }

  #later(milliseconds: number): void {
    this.#soon.push(setTimeout(() => void this.look(), milliseconds).unref());
  }

  /** @returns what takes the listener off again */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks now; who asks while it looks waits for the same look. It never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** What happened in a stretch of time, in words, the oldest first. Rejects where the history can't be read. */
  async marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<ToldMark[]> {
    const marks = distinctMarks(await this.#sources.history.marks(from, to, kinds));
    return marks.map((mark) => this.#told(mark, this.#now()));
  }

  /** @param confidential whether the reader may see what an emergency is about */
  report(confidential: boolean): StandupReport {
    const { learning, headline: _, ...judged } = this.#judged;
    const history = this.#sources.history.state();
    const emergency = this.#emergency;
    const state = emergency !== undefined ? 'emergency' : judged.anomalies.length > 0 || !history.ok ? 'look' : 'well';
    return {
      state,
      sentence: this.#sentence(state, confidential),
      ...judged,
      ...(learning === undefined ? {} : { learning }),
      history,
      ...(emergency === undefined ? {} : { emergency: confidential ? emergency : anonymous(emergency) }),
    };
  }

  /** Asks for the open emergency alone, as when one was declared just now. It never rejects. */
  async lookForEmergency(): Promise<void> {
    try {
      this.#emergency = await this.#sources.emergency();
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#sources.failed(error);
    }
  }

  async #look(): Promise<void> {
    await this.#lookForAnomalies().catch((error: unknown) => this.#sources.failed(error));
    await this.lookForEmergency();
  }

  async #lookForAnomalies(): Promise<void> {
    const now = this.#now();
    const { history } = this.#sources;
    const { ok } = history.state();
    // What was written while the store was away came with old times: all is read anew.
    if (ok && !this.#wasOk) [this.#table, this.#feed] = this.#empty();
    this.#wasOk = ok;
    const late = now - this.#lateRead >= AGAIN_LATE / 4;
    try {
      await this.#feed.update(now, late ? AGAIN_LATE : AGAIN);
    } catch (error) {
      [this.#table, this.#feed] = this.#empty();
      throw error;
    }
    if (late) this.#lateRead = now;
    const marks = distinctMarks(await history.marks(now - 8 * DAY, now + MINUTE));
    const search = detect(this.#table, marks);
    let slice = performance.now();
    let step = search.next();
    while (step.done !== true) {
      if (performance.now() - slice > SLICE) {
        await otherWork();
        slice = performance.now();
      }
      step = search.next();
    }
    const { findings, learning, begins } = step.value;
    const { timeZone } = this.#options;
    const { label } = this.#sources;
    this.#judged = {
      ...toAnomalies(findings, { marks, now, timeZone, label }),
      marks: marks.filter(({ time }) => time >= now - 2.5 * DAY).map((mark) => this.#told(mark, now)),
      at: now,
      ...(learning ? { learning: history.state().store === 'off' ? NO_HISTORY : this.#learning(begins, now) } : {}),
    };
  }

  #told(mark: Mark, now: number): ToldMark {
    const { label } = this.#sources;
    const words = (language: 'en' | 'fr') => new Words(language, this.#options.timeZone, now, label).mark(mark);
    return { ...mark, sentence: { en: words('en'), fr: words('fr') } };
  }

  #learning(begins: number | undefined, now: number): Sentence {
    const { timeZone } = this.#options;
    const days = begins === undefined ? 0 : Math.floor((now - begins) / DAY);
    const from = (begins ?? now) + LEARNING_MS;
    // In words of the future the weekday alone would be a guess of which week.
    const [en, fr] = (['en', 'fr'] as const).map((language) =>
      new Words(language, timeZone, from + 30 * DAY, () => undefined).day(from),
    ) as [string, string];
    return {
      en: `Learning: ${days} of 14 days of history are there. From ${en} on each hour is compared with earlier weeks; until then only what follows a new tree is told.`,
      fr: `Apprentissage : ${days} ${days < 2 ? 'jour' : 'jours'} d’historique sur 14. À partir du ${fr.replace(/^le /, '')}, chaque heure sera comparée aux semaines passées ; d’ici là, seul ce qui suit un changement de carte est signalé.`,
    };
  }

  #sentence(state: StandupReport['state'], confidential: boolean): Sentence {
    const { at, learning, headline } = this.#judged;
    const emergency = this.#emergency;
    if (state === 'emergency' && emergency !== undefined) return this.#emergencySentence(emergency, confidential);
    if (headline !== undefined) return headline;
    const { ok, note } = this.#sources.history.state();
    if (!ok) {
      return note ?? { en: 'The history is not being kept.', fr: 'L’historique n’est pas conservé.' };
    }
    if (at === 0) return { en: 'Nothing was looked at yet.', fr: 'Rien n’a encore été regardé.' };
    // The word of the state says that all is well.
    return learning === undefined
      ? { en: 'Everything is as usual.', fr: 'Tout est comme d’habitude.' }
      : { en: 'Nothing unusual so far.', fr: 'Rien d’inhabituel jusqu’ici.' };
  }

  #emergencySentence(emergency: OpenEmergency, confidential: boolean): Sentence {
    const { timeZone } = this.#options;
    const { title, responsible, since } = confidential ? emergency : anonymous(emergency);
    const [en, fr] = (['en', 'fr'] as const).map((language) =>
      new Words(language, timeZone, this.#now(), () => undefined).time(since),
    ) as [string, string];
    const about = title === undefined ? '' : `: ${title}`;
    return {
      en: `Emergency since ${en}${about}.${title === undefined ? '' : ` ${responsible === undefined ? 'Nobody is responsible yet.' : `${responsible} is responsible.`}`}`,
      fr: `Urgence depuis ${fr}${title === undefined ? '' : ` : ${title}`}.${title === undefined ? '' : ` ${responsible === undefined ? 'Personne n’en est encore responsable.' : `Responsable : ${responsible}.`}`}`,
    };
  }

  #empty(): [SeriesTable, HistoryFeed] {
    const table = new SeriesTable(new LocalClock(this.#options.timeZone), this.#now());
    return [table, new HistoryFeed(this.#sources.history, table, this.#sources.sketch)];
  }
}

function anonymous({ severity, since }: OpenEmergency): OpenEmergency {
  return { severity, since };
}
