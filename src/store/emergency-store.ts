import type { EmergencyEvent, FilledEntry } from '../stats/emergencies/emergency.js';
import type { NoticeMessage } from '../stats/emergencies/notice.js';
import type { EmergencyStore, StoredEmergency } from '../stats/emergencies/store.js';
import type { Database, Query } from './database.js';
import { fillTimeline } from './fill-timeline.js';
import { putIntoOutbox } from './webhook-outbox.js';

interface EventRow {
  readonly emergency: string;
  readonly time: number;
  readonly by: string;
  readonly kind: string;
  readonly data: unknown;
}

const EVENT = `emergency, extract(epoch FROM time)::float8 * 1000 AS time, by, kind, data`;

/** Emergencies in a database. That at most one is open, and that no change is lost, the database itself sees to. */
export class DatabaseEmergencyStore implements EmergencyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  declare(
    id: string,
    event: EmergencyEvent & { readonly kind: 'declared' },
    notice?: NoticeMessage,
  ): Promise<string | undefined> {
    return this.#database.transaction(async (query) => {
      const [made] = await query(
        `INSERT INTO territory.emergencies (id, declared, revision) VALUES ($1, $2::timestamptz, 1)
         ON CONFLICT ((true)) WHERE closed IS NULL DO NOTHING RETURNING id`,
        [id, iso(event.time)],
      );
      if (made === undefined) return openId(query);
      await insertEvent(query, id, 1, event);
      if (notice !== undefined) await putIntoOutbox(query, notice);
      return undefined;
    });
  }

  append(id: string, revision: number, event: EmergencyEvent, notice?: NoticeMessage): Promise<boolean> {
    return this.#database.transaction(async (query) => {
      const [row] = await query(
        `UPDATE territory.emergencies SET revision = revision + 1, closed = $3::timestamptz
         WHERE id = $1 AND revision = $2::int AND closed IS NULL RETURNING id`,
        [id, revision, event.kind === 'closed' ? iso(event.time) : null],
      );
      if (row === undefined) return false;
      await insertEvent(query, id, revision + 1, event);
      if (notice !== undefined) await putIntoOutbox(query, notice);
      return true;
    });
  }

  async fill(id: string, entries: readonly FilledEntry[]): Promise<void> {
    await this.#database.transaction((query) => fillTimeline(query, id, entries));
  }

  async find(id: string): Promise<(StoredEmergency & { readonly filled: readonly FilledEntry[] }) | undefined> {
    const rows = await this.#database.query<EventRow>(
      `SELECT ${EVENT} FROM territory.emergency_events WHERE emergency = $1 ORDER BY revision`,
      [id],
    );
    if (rows.length === 0) return undefined;
    const filled = await this.#database.query<FilledEntry>(
      `SELECT key, extract(epoch FROM time)::float8 * 1000 AS time, kind, text
       FROM territory.emergency_timeline WHERE emergency = $1 ORDER BY time, key`,
      [id],
    );
    return { id, events: rows.map(toEvent), filled };
  }

  async open(): Promise<StoredEmergency | undefined> {
    const rows = await this.#database.query<EventRow>(
      `SELECT ${EVENT} FROM territory.emergency_events
       WHERE emergency = (SELECT id FROM territory.emergencies WHERE closed IS NULL) ORDER BY revision`,
    );
    return rows[0] === undefined ? undefined : { id: rows[0].emergency, events: rows.map(toEvent) };
  }

  async last(count: number): Promise<StoredEmergency[]> {
    const rows = await this.#database.query<EventRow>(
      `SELECT ${EVENT} FROM territory.emergency_events JOIN
         (SELECT id, declared FROM territory.emergencies ORDER BY declared DESC, id LIMIT $1::int) AS latest ON id = emergency
       ORDER BY declared DESC, emergency, revision`,
      [count],
    );
    const byId = new Map<string, EmergencyEvent[]>();
    for (const row of rows) byId.set(row.emergency, [...(byId.get(row.emergency) ?? []), toEvent(row)]);
    return [...byId].map(([id, events]) => ({ id, events }));
  }
}

async function openId(query: Query): Promise<string> {
  const [open] = await query<{ id: string }>('SELECT id FROM territory.emergencies WHERE closed IS NULL');
  // It was closed in this very moment: who declares tries again.
  if (open === undefined) throw new Error('another emergency was closed just now');
  return open.id;
}

async function insertEvent(query: Query, id: string, revision: number, event: EmergencyEvent): Promise<void> {
  const { time, by, kind, data } = event;
  await query(
    `INSERT INTO territory.emergency_events (emergency, revision, time, by, kind, data)
     VALUES ($1, $2::int, $3::timestamptz, $4, $5, $6::text::jsonb)`,
    [id, revision, iso(time), by, kind, JSON.stringify(data)],
  );
}

function toEvent({ time, by, kind, data }: EventRow): EmergencyEvent {
  // What stands here was written by `insertEvent`.
  return { time: Math.round(time), by, kind, data } as EmergencyEvent;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
