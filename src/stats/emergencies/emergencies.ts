import { randomBytes } from 'node:crypto';
import { TerritoryError } from '../../territory/errors.js';
import type { OpenEmergency, StandupReport } from '../anomalies/standup.js';
import type { Mark } from '../history/types.js';
import {
  type Change,
  type Closing,
  type Emergency,
  type EmergencyEvent,
  type EmergencyFile,
  replay,
} from './emergency.js';
import {
  EmergencyConflictError,
  EmergencyNotFoundError,
  EmergencyOpenError,
  EmergencyRefusedError,
  EmergencyStoreError,
} from './errors.js';
import { type NoticeMessage, noticeOf } from './notice.js';
import type { EmergencyPolicy } from './policy.js';
import { type PostMortemOptions, postMortem } from './post-mortem.js';
import type { EmergencyStore } from './store.js';
import { entriesFrom, timelineOf } from './timeline.js';

export interface EmergencySources {
  /** Absent where no database is configured. */
  readonly store?: EmergencyStore | undefined;
  readonly policy: EmergencyPolicy;
  /**
   * Told that a notice for the outside lies in the outbox. Absent where nobody is to be told, and then none is put there.
   */
  readonly announce?: (() => void) | undefined;
  /** Puts a mark into the history; a fault is its own business. */
  readonly mark?: ((mark: Mark) => void) | undefined;
  /** Told when an emergency was declared, changed or closed. */
  readonly changed?: (() => void) | undefined;
  readonly failed: (error: unknown) => void;
  readonly now?: () => number;
}

const LISTED = 50;
/** Times that a note is tried again when somebody else wrote in the same moment. */
const ATTEMPTS = 5;

/**
 * The process of an emergency: declared, worked step by step, closed. At most one is open. Every change is an event with
 * who and when; one that was made from an older revision than the last is refused.
 */
export class Emergencies {
  readonly #sources: EmergencySources;
  readonly #now: () => number;

  constructor(sources: EmergencySources) {
    this.#sources = sources;
    this.#now = sources.now ?? Date.now;
  }

  get policy(): EmergencyPolicy {
    return this.#sources.policy;
  }

  /** The one that is open, and the last ones, the latest first. */
  async list(): Promise<{ open?: Emergency; emergencies: Emergency[] }> {
    const stored = await this.#ask((store) => store.last(LISTED));
    const emergencies = stored.map(({ id, events }) => replay(id, events));
    const open = emergencies.find(({ closed }) => closed === undefined);
    return { ...(open === undefined ? {} : { open }), emergencies };
  }

  async get(id: string): Promise<EmergencyFile> {
    const found = await this.#ask((store) => store.find(id));
    if (found === undefined) throw new EmergencyNotFoundError(`there is no emergency [${id}]`);
    const emergency = replay(id, found.events);
    return { ...emergency, timeline: timelineOf(emergency, found.events, found.filled) };
  }

  /** The open one as every page shows it; nothing where no database is configured. */
  async current(): Promise<OpenEmergency | undefined> {
    if (this.#sources.store === undefined) return undefined;
    const stored = await this.#ask((store) => store.open());
    if (stored === undefined) return undefined;
    const { id, title, severity, responsible, declared } = replay(stored.id, stored.events);
    return { id, title, severity, since: declared.time, ...(responsible === undefined ? {} : { responsible }) };
  }

  /** @throws EmergencyOpenError where one is open */
  async declare({ by, title, severity }: { by: string; title: string; severity: string }): Promise<EmergencyFile> {
    this.#checkSeverity(severity);
    const time = this.#now();
    const id = `${new Date(time).toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
    const event = { kind: 'declared', time, by, data: { title, severity, steps: this.policy.steps } } as const;
    const notice = this.#notice('declared', replay(id, [event]));
    const open = await this.#ask((store) => store.declare(id, event, notice));
    if (open !== undefined) throw new EmergencyOpenError(open);
    return this.#done(id, { what: 'declared', time, severity });
  }

  /**
   * @param revision the one that the change was made from; a note alone needs none
   * @throws EmergencyConflictError where it is not the last
   */
  async change(
    id: string,
    { by, revision, ...data }: Change & { by: string; revision?: number },
  ): Promise<EmergencyFile> {
    const { note, ...rest } = data;
    const onlyNote = Object.keys(rest).length === 0;
    if (onlyNote && note === undefined) throw new EmergencyRefusedError('the change is empty');
    if (!onlyNote && revision === undefined) {
      throw new EmergencyRefusedError('revision: is missing; send the one that the change was made from');
    }
    if (data.severity !== undefined) this.#checkSeverity(data.severity);
    for (let attempt = 1; ; attempt++) {
      const emergency = await this.#openOne(id);
      this.#checkSteps(emergency, data);
      const from = revision ?? emergency.revision;
      if (await this.#append(emergency, from, { kind: 'changed', time: this.#now(), by, data })) return this.#done(id);
      if (revision !== undefined || attempt === ATTEMPTS) throw conflict(await this.#latest(id));
    }
  }

  /** @throws EmergencyRefusedError where a required step is not done */
  async close(
    id: string,
    { by, revision, ...data }: Closing & { by: string; revision: number },
  ): Promise<EmergencyFile> {
    const emergency = await this.#openOne(id);
    if (revision !== emergency.revision) throw conflict(emergency);
    const undone = emergency.steps.filter(({ required, done }) => required && !done).map((step) => step.id);
    if (undone.length > 0) {
      throw new EmergencyRefusedError(`steps that must be done before it can be closed: ${undone.join(', ')}`);
    }
    const time = this.#now();
    const event: EmergencyEvent = { kind: 'closed', time, by, data };
    const notice = this.#notice('closed', { ...emergency, closed: { time, by, ...data } });
    if (!(await this.#append(emergency, revision, event, notice))) throw conflict(await this.#latest(id));
    return this.#done(id, { what: 'closed', time, severity: emergency.severity });
  }

  async postMortem(id: string, options: PostMortemOptions): Promise<string> {
    return postMortem(await this.get(id), this.policy, options);
  }

  /** Fills the timeline of the open emergency from a look at the stand-up. It never rejects. */
  async fillFrom(report: Pick<StandupReport, 'marks' | 'anomalies' | 'emergency'>): Promise<void> {
    const id = report.emergency?.id;
    const { store, failed } = this.#sources;
    if (id === undefined || store === undefined) return;
    try {
      const found = await store.find(id);
      if (found === undefined) return;
      const emergency = replay(id, found.events);
      if (emergency.closed !== undefined) return;
      const known = new Set(found.filled.map(({ key }) => key));
      const entries = entriesFrom(emergency, report).filter(({ key }) => !known.has(key));
      if (entries.length > 0) await store.fill(id, entries);
    } catch (error) {
      failed(error);
    }
  }

  #checkSeverity(severity: string): void {
    const known = this.policy.severities.map(({ id }) => id);
    if (known.includes(severity)) return;
    throw new EmergencyRefusedError(`severity: [${severity}] is none of ${known.join(', ')}`);
  }

  #checkSteps({ steps }: Emergency, change: Change): void {
    const known = steps.map(({ id }) => id);
    const unknown = Object.keys(change.steps ?? {}).filter((id) => !known.includes(id));
    if (unknown.length === 0) return;
    throw new EmergencyRefusedError(`steps: [${unknown.join('], [')}] is none of ${known.join(', ')}`);
  }

  async #openOne(id: string): Promise<Emergency> {
    const emergency = await this.#latest(id);
    if (emergency.closed !== undefined) {
      throw new EmergencyConflictError(`the emergency [${id}] is closed`, emergency.revision);
    }
    return emergency;
  }

  async #latest(id: string): Promise<Emergency> {
    const found = await this.#ask((store) => store.find(id));
    if (found === undefined) throw new EmergencyNotFoundError(`there is no emergency [${id}]`);
    return replay(id, found.events);
  }

  #append({ id }: Emergency, revision: number, event: EmergencyEvent, notice?: NoticeMessage): Promise<boolean> {
    return this.#ask((store) => store.append(id, revision, event, notice));
  }

  #notice(what: 'declared' | 'closed', emergency: Emergency): NoticeMessage | undefined {
    return this.#sources.announce === undefined ? undefined : noticeOf(what, emergency);
  }

  async #done(
    id: string,
    turn?: { what: 'declared' | 'closed'; time: number; severity: string },
  ): Promise<EmergencyFile> {
    const { announce, mark, changed } = this.#sources;
    // All of that before anything that may fail: it is done.
    changed?.();
    if (turn !== undefined) {
      const { what, time, severity } = turn;
      announce?.();
      const words = { declared: 'An emergency was declared', closed: 'The emergency was closed' };
      // The title is for those with the right to it; marks are on every chart.
      const text = `${words[what]} (${severity})`;
      mark?.({ kind: 'emergency', time, text, data: { id, what, severity }, key: `${id}:${what}` });
    }
    return this.get(id);
  }

  async #ask<T>(question: (store: EmergencyStore) => Promise<T>): Promise<T> {
    const { store, failed } = this.#sources;
    if (store === undefined) {
      throw new EmergencyStoreError(
        'emergencies are kept in the history, which is off: set DATABASE_URL or history.folder',
      );
    }
    try {
      return await question(store);
    } catch (error) {
      if (error instanceof TerritoryError) throw error;
      failed(error);
      throw new EmergencyStoreError(
        'the database of the history does not answer: whether anything was changed is not known; look, then try again',
        {
          cause: error,
        },
      );
    }
  }
}

function conflict({ id, revision, closed }: Emergency): EmergencyConflictError {
  const why = closed === undefined ? `was changed by somebody else: it is at revision ${revision} now` : 'is closed';
  return new EmergencyConflictError(`the emergency [${id}] ${why}`, revision);
}
