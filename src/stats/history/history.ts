import { counted } from '../../territory/counted.js';
import type { TallyReceiver } from '../counting.js';
import type { CodePlaces } from '../groups.js';
import type { Tally } from '../tally.js';
import { Outgoing } from './outgoing.js';
import { PendingPoints } from './pending-points.js';
import { addTally } from './points-of-tally.js';
import type { SeriesName } from './series.js';
import {
  type HistoryQuery,
  type HistoryReader,
  type HistoryState,
  type HistoryStore,
  type Mark,
  type SeriesPoint,
  STEP_MS,
} from './types.js';

/** Minutes that are held while the store does not answer. */
const MINUTES_HELD = 60;
const MARKS_HELD = 200;

export interface HistoryOptions {
  readonly kind: 'postgres' | 'embedded';
  readonly store: HistoryStore;
  /** Between two writes, in milliseconds. */
  readonly writeEveryMs: number;
  /** Where an unknown code lay on an earlier tree; without, none is counted by group. */
  readonly places?: CodePlaces;
  /** Called before each write: what is looked at rather than counted. */
  readonly sample?: (history: History) => void;
  /** Called when the store answers for the first time. */
  readonly opened?: (history: History) => Promise<void>;
  /** Told when writing begins to fail, and when it works again. */
  readonly log: { warn(message: string): void; info(message: string): void };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The memory of the proxy: gathers what is counted by the minute, and writes it in batches, never in a request's way.
 *
 * Idle, it gathers. Every few seconds it makes a batch of what there is and writes it. Where that fails the batch is sent
 * again next time (`Outgoing`); what comes meanwhile is gathered, up to an hour of it, and then the oldest is lost, and
 * counted as that.
 */
export class History implements TallyReceiver, HistoryReader {
  readonly #options: HistoryOptions;
  readonly #now: () => number;
  readonly #pending = new PendingPoints(MINUTES_HELD);
  readonly #batch = new Outgoing<readonly SeriesPoint[]>();
  readonly #marks: Mark[] = [];
  readonly #marking = new Outgoing<Mark>();
  #failure: string | undefined;
  #lost: { since: number; points: number } | undefined;
  #lostAt = Number.NEGATIVE_INFINITY;
  #opened = false;
  #tidied = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Writes every few seconds from now on. */
  start(): void {
    this.#timer ??= setInterval(() => void this.write(), this.#options.writeEveryMs);
    this.#timer.unref();
  }

  add(tally: Tally): void {
    addTally(this.#pending, tally, this.#now(), this.#options.places);
  }

  /** Adds events, or looks at a gauge, to the minute of now. */
  record(name: SeriesName, key: string, count: number, sum = count): void {
    this.#pending.add(this.#now(), name, key, count, sum);
  }

  /** Keeps a mark; it is written with the next batch. */
  mark(mark: Mark): void {
    this.#marks.push(mark);
    if (this.#marks.length > MARKS_HELD) this.#lose(1, this.#marks.shift()!.time);
  }

  async read(query: HistoryQuery): Promise<SeriesPoint[]> {
    return this.#options.store.read(query);
  }

  /** Those that wait to be written are among them; one that is written in this moment may be there twice. */
  async marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<Mark[]> {
    // Before the store is asked: one that is written meanwhile would be in neither.
    const waiting = [this.#marking.content, ...this.#marks].filter((mark) => mark !== undefined);
    const written = await this.#options.store.marks(from, to, kinds);
    const wanted = waiting.filter(
      ({ time, kind }) => time >= from && time < to && (kinds === undefined || kinds.includes(kind)),
    );
    return [...written, ...wanted].sort((a, b) => a.time - b.time);
  }

  state(): HistoryState {
    const { kind } = this.#options;
    const waiting = this.#pending.size + (this.#batch.content?.length ?? 0);
    const state = { store: kind, ok: this.#failure === undefined, waiting };
    const lost = this.#lost === undefined ? {} : { lost: this.#lost };
    const lately = this.#now() - this.#lostAt < STEP_MS.day ? this.#lost : undefined;
    if (this.#failure === undefined && lately === undefined) return { ...state, ...lost };
    return { ...state, ...lost, note: noteOf(this.#failure !== undefined, lately) };
  }

  /** Writes what there is. Never rejects: `state` tells what went wrong. */
  write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /**
   * Ends it, with a last write.
   * @param withinMs how long that may take; 0 leaves it out
   */
  async close(withinMs: number): Promise<void> {
    clearInterval(this.#timer);
    if (withinMs <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    const last = async (): Promise<void> => {
      await this.#writing;
      await this.write();
    };
    await Promise.race([last(), limit]);
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    const { store, sample, opened } = this.#options;
    sample?.(this);
    const now = this.#now();
    try {
      if (!this.#opened) {
        await opened?.(this);
        this.#opened = true;
      }
      await this.#writeMarks();
      await this.#writeBatch();
      // What was gathered while that batch could not be written.
      if (this.#failure !== undefined) await this.#writeBatch();
      if (now - this.#tidied >= STEP_MS.hour) {
        await store.tidy(now);
        this.#tidied = now;
      }
      this.#worked();
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  async #writeMarks(): Promise<void> {
    const { store, log } = this.#options;
    const next = () =>
      this.#marking.send(
        () => this.#marks.shift(),
        (mark, id) => store.mark(mark, id),
      );
    for (let sent = await next(); sent !== undefined; sent = await next()) {
      if (sent.refusal === undefined) continue;
      this.#lose(1, sent.content.time);
      log.warn(`the history refused a mark, which is lost: ${sent.refusal.message}`);
    }
  }

  async #writeBatch(): Promise<void> {
    const { store, log } = this.#options;
    const sent = await this.#batch.send(
      () => this.#gathered(),
      (points, id) => store.write(points, id),
    );
    if (sent?.refusal === undefined) return;
    // The same batch would be refused for ever, and everything after it would wait.
    const { content, refusal } = sent;
    this.#lose(content.length, content[0]!.time);
    log.warn(`the history refused ${counted(content.length, 'point')}, now lost: ${refusal.message}`);
  }

  #gathered(): readonly SeriesPoint[] | undefined {
    const points = this.#pending.take();
    return points.length === 0 ? undefined : points;
  }

  #worked(): void {
    if (this.#failure !== undefined) this.#options.log.info('the history is written again');
    this.#failure = undefined;
  }

  #failed(error: Error): void {
    const reason = error.message || (error as NodeJS.ErrnoException).code || error.name;
    if (this.#failure !== reason)
      this.#options.log.warn(`the history can't be written, and is held meanwhile: ${reason}`);
    this.#failure = reason;
    const dropped = this.#pending.bound();
    if (dropped !== undefined) this.#lose(dropped.points, dropped.since);
  }

  #lose(points: number, since: number): void {
    this.#lostAt = this.#now();
    this.#lost = { since: this.#lost?.since ?? since, points: (this.#lost?.points ?? 0) + points };
  }
}

function noteOf(fails: boolean, lost: { since: number; points: number } | undefined) {
  const since = lost === undefined ? '' : new Date(lost.since).toISOString().slice(0, 16).replace('T', ' ');
  const en: string[] = [];
  const fr: string[] = [];
  if (fails) {
    // Why is in the log: a driver's messages name hosts and folders, and this is for every reader.
    en.push("The history can't be written at the moment; the log says why.");
    fr.push("L'historique ne peut pas être écrit pour le moment ; le journal dit pourquoi.");
  }
  if (lost !== undefined) {
    en.push(`Part of it is missing since ${since} UTC.`);
    fr.push(`Il en manque une partie depuis le ${since} UTC.`);
  }
  return { en: en.join(' '), fr: fr.join(' ') };
}
