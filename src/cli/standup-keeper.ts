import type { ApiEmergencies } from '../api/services.js';
import { readEmergencyPolicy } from '../config/emergency-policy.js';
import type { Config } from '../config/schema.js';
import { Standup, type StandupReport } from '../stats/anomalies/standup.js';
import { Announcer } from '../stats/emergencies/announcer.js';
import { Emergencies } from '../stats/emergencies/emergencies.js';
import { Webhook } from '../stats/emergencies/webhook.js';
import { SERIES, type SeriesInfo, type SeriesName } from '../stats/history/series.js';
import type { HistoryReader, Mark } from '../stats/history/types.js';
import type { Logger } from '../stats/logger.js';
import { Quantiles } from '../stats/quantiles.js';
import type { Database } from '../store/database.js';
import { DatabaseEmergencyStore } from '../store/emergency-store.js';
import { DatabaseOutbox } from '../store/webhook-outbox.js';

const AGAIN_MS = 600_000;

export interface StandupKeeperParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly reader: HistoryReader;
  /** Puts a mark into the history; absent where there is none. */
  readonly mark?: ((mark: Mark) => void) | undefined;
  readonly database: Database | undefined;
  /** Label of a current unit. */
  readonly label: (code: string) => string | undefined;
}

/** The stand-up and the emergencies of a proxy: what is found fills the timeline of the one that is open. */
export class StandupKeeper {
  readonly standup: Standup;
  readonly emergencies: ApiEmergencies;
  readonly #announcer: Announcer | undefined;

  constructor({ config, logger, reader, mark, database, label }: StandupKeeperParts) {
    const { timeZone, emergency } = config;
    const failed = onceInAWhile((reason) => logger.warn(`the stand-up could not be brought up to date: ${reason}`));
    if (emergency.webhook !== null && database !== undefined) {
      this.#announcer = new Announcer({
        outbox: new DatabaseOutbox(database),
        webhook: new Webhook(new URL(emergency.webhook)),
        told: ({ message }, { text }) => logger.info({ emergency: message.emergency.id }, text.en),
        failed: onceInAWhile((reason) => logger.warn(`the outbox of the webhook could not be read: ${reason}`)),
      });
    }
    const announcer = this.#announcer;
    const process = new Emergencies({
      store: database === undefined ? undefined : new DatabaseEmergencyStore(database),
      policy: readEmergencyPolicy(emergency.policy),
      announce: announcer === undefined ? undefined : () => announcer.wake(),
      mark,
      changed: () => void this.standup.lookForEmergency(),
      failed,
    });
    this.standup = new Standup(
      { history: reader, label, sketch, emergency: () => process.current(), failed },
      { timeZone },
    );
    this.standup.onChange(() => void process.fillFrom(this.standup.report(true)));
    this.emergencies = {
      policy: process.policy,
      list: () => process.list(),
      get: (id) => process.get(id),
      declare: (given) => process.declare(given),
      change: (id, given) => process.change(id, given),
      close: (id, given) => process.close(id, given),
      postMortem: (id, language) => process.postMortem(id, { language, timeZone }),
    };
  }

  report(confidential: boolean): StandupReport {
    return this.standup.report(confidential);
  }

  start(): void {
    this.standup.start();
    // What was left behind by a process that died.
    this.#announcer?.wake();
  }

  /** @param withinMs longest wait for a webhook that is being told; what is not told yet waits in the outbox */
  async close(withinMs: number): Promise<void> {
    await this.standup.stop();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.#announcer?.stop(), limit]);
    clearTimeout(timer);
  }
}

/** A store that is away fails at every look: the same reason is told once in ten minutes. */
function onceInAWhile(tell: (reason: string) => void): (error: unknown) => void {
  const told = new Map<string, number>();
  return (error) => {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message} (${cause.message})` : message;
    const now = Date.now();
    if (now - (told.get(reason) ?? 0) < AGAIN_MS) return;
    if (told.size > 100) told.clear();
    told.set(reason, now);
    tell(reason);
  };
}

function sketch(name: SeriesName, bytes: Uint8Array): { p50: number; p90: number } | undefined {
  const info: SeriesInfo = SERIES[name];
  const { p50, p90 } = Quantiles.decode(bytes).summary();
  const { scale = 1 } = info;
  return p50 === undefined || p90 === undefined ? undefined : { p50: p50 / scale, p90: p90 / scale };
}
