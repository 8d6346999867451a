import { counted } from '../../territory/counted.js';
import type { FilledEntry } from './emergency.js';
import type { Notice, Outbox } from './notice.js';
import type { Webhook, WebhookProblem } from './webhook.js';

/** Between two looks for what others left behind. */
const EVERY_MS = 15_000;
/** Longer than any attempt takes: who took a notice and said nothing more has died. */
const LEASE_MS = 60_000;
/** Before the second attempt, the third and so on; the last of them before each further one. */
const PAUSES_MS = [1_000, 5_000, 30_000, 120_000, 600_000];
/** After so many attempts the timeline says that it takes long. */
const LATE_AFTER = 4;
const GIVEN_UP_AFTER_MS = 86_400_000;
const TOO_OLD: WebhookProblem = { reason: 'a day has passed', final: true };

export interface AnnouncerParts {
  readonly outbox: Outbox;
  readonly webhook: Pick<Webhook, 'post'>;
  /** Told what became of a notice, for the log. */
  readonly told: (notice: Notice, entry: FilledEntry) => void;
  /** Told of a store that can't be reached. */
  readonly failed: (error: unknown) => void;
  readonly everyMs?: number;
  readonly pausesMs?: readonly number[];
  readonly now?: () => number;
}

/**
 * Tells the webhook what waits in the outbox, also what another process left there that died. Each notice is told at
 * least once: again only where it could not be told, or where who told it died before it could note that.
 *
 * Idle, it waits for `wake`, or for a while. Awake, it takes one notice after the other until none is due. One that could
 * not be told is put back, to be told after a pause that grows, for a day.
 */
export class Announcer {
  readonly #parts: Required<AnnouncerParts>;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> | undefined;
  /** Whether something may have come since it last looked. */
  #woken = false;
  #stopped = false;

  constructor(parts: AnnouncerParts) {
    this.#parts = { everyMs: EVERY_MS, pausesMs: PAUSES_MS, now: Date.now, ...parts };
  }

  /** Tells what is due. Something was put into the outbox, or may have been. */
  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
      if (this.#woken) this.wake();
    });
  }

  /** Ends it. What is under way may take a few seconds; what is not told yet waits in the outbox. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#work;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    let pause = this.#parts.everyMs;
    while (this.#woken && !this.#stopped) {
      this.#woken = false;
      try {
        for (;;) {
          const notice = this.#stopped ? undefined : await this.#parts.outbox.take(LEASE_MS);
          if (notice === undefined) break;
          pause = Math.min(pause, await this.#tell(notice));
        }
      } catch (error) {
        this.#parts.failed(error);
      }
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.wake(), pause).unref();
  }

  /** @returns milliseconds until it is to be told again */
  async #tell(notice: Notice): Promise<number> {
    const { outbox, webhook, told, pausesMs } = this.#parts;
    const { message, attempt, ageMs } = notice;
    const problem = ageMs > GIVEN_UP_AFTER_MS ? TOO_OLD : await webhook.post(message);
    if (problem === undefined || problem.final) {
      const entry = this.#entry(notice, problem, false);
      await outbox.settle(message, entry);
      told(notice, entry);
      return Number.POSITIVE_INFINITY;
    }
    const pause = pausesMs[Math.min(attempt, pausesMs.length) - 1] ?? 0;
    const entry = attempt === LATE_AFTER ? this.#entry(notice, problem, true) : undefined;
    await outbox.putBack(message, pause, entry);
    if (entry !== undefined) told(notice, entry);
    return pause;
  }

  #entry({ message, attempt }: Notice, problem: WebhookProblem | undefined, late: boolean): FilledEntry {
    const key = `webhook:${message.event}${late ? ':late' : ''}`;
    const common = { key, time: this.#parts.now(), kind: 'webhook' as const };
    if (problem === undefined) {
      return { ...common, text: { en: 'the webhook was told', fr: 'le webhook a été prévenu' } };
    }
    const { reason } = problem;
    const en = `in ${counted(attempt, 'attempt')}: ${reason}`;
    const fr = `en ${attempt} ${attempt === 1 ? 'essai' : 'essais'} : ${reason}`;
    const text = late
      ? {
          en: `the webhook could not be told yet, ${en}; it is tried again`,
          fr: `le webhook n’a pas encore pu être prévenu, ${fr} ; de nouveaux essais suivent`,
        }
      : { en: `the webhook could not be told, ${en}`, fr: `le webhook n’a pas pu être prévenu, ${fr}` };
    return { ...common, text };
  }
}
