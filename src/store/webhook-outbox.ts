import type { FilledEntry } from '../stats/emergencies/emergency.js';
import type { Notice, NoticeMessage, Outbox } from '../stats/emergencies/notice.js';
import type { Database, Query } from './database.js';
import { fillTimeline } from './fill-timeline.js';

/** What the webhook is to be told, in a database. Its clock alone counts: those of several proxies may differ. */
export class DatabaseOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In one short statement, so that no transaction is open while the webhook is told. */
  async take(leaseMs: number): Promise<Notice | undefined> {
    const [row] = await this.#database.query<Notice>(
      `UPDATE territory.webhook_outbox SET attempts = attempts + 1, due = now() + $1::float8 * interval '1 millisecond'
        WHERE place = (
          SELECT place FROM territory.webhook_outbox AS candidate
           WHERE due <= now() AND NOT EXISTS (
             SELECT FROM territory.webhook_outbox AS before
              WHERE before.emergency = candidate.emergency AND before.place < candidate.place)
           ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING message, attempts AS attempt, (extract(epoch FROM now() - made) * 1000)::float8 AS "ageMs"`,
      [leaseMs],
    );
    return row;
  }

  async putBack({ emergency, event }: NoticeMessage, dueInMs: number, entry?: FilledEntry): Promise<void> {
    await this.#database.transaction(async (query) => {
      await query(
        `UPDATE territory.webhook_outbox SET due = now() + $3::float8 * interval '1 millisecond'
          WHERE emergency = $1 AND event = $2`,
        [emergency.id, event, dueInMs],
      );
      if (entry !== undefined) await fillTimeline(query, emergency.id, [entry]);
    });
  }

  async settle({ emergency, event }: NoticeMessage, entry: FilledEntry): Promise<void> {
    await this.#database.transaction(async (query) => {
      await query('DELETE FROM territory.webhook_outbox WHERE emergency = $1 AND event = $2', [emergency.id, event]);
      await fillTimeline(query, emergency.id, [entry]);
    });
  }
}

/** Puts a notice into the outbox, in the transaction of the change that it tells of. */
export async function putIntoOutbox(query: Query, message: NoticeMessage): Promise<void> {
  await query('INSERT INTO territory.webhook_outbox (emergency, event, message) VALUES ($1, $2, $3::text::jsonb)', [
    message.emergency.id,
    message.event,
    JSON.stringify(message),
  ]);
}
