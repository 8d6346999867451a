import type { FilledEntry } from '../stats/emergencies/emergency.js';
import type { Query } from './database.js';
import { storableJson } from './storable.js';

/** Adds to the timeline of an emergency what is not there yet. */
export async function fillTimeline(query: Query, id: string, entries: readonly FilledEntry[]): Promise<void> {
  for (const { key, time, kind, text } of entries) {
    await query(
      `INSERT INTO territory.emergency_timeline (emergency, key, time, kind, text)
       VALUES ($1, $2, $3::timestamptz, $4, $5::text::jsonb) ON CONFLICT DO NOTHING`,
      [id, key, new Date(time).toISOString(), kind, storableJson(text)],
    );
  }
}
