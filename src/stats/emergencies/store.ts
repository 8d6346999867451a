import type { EmergencyEvent, FilledEntry } from './emergency.js';
import type { NoticeMessage } from './notice.js';

export interface StoredEmergency {
  readonly id: string;
  readonly events: readonly EmergencyEvent[];
}

/** Where emergencies are kept. Every method rejects where the store can't be reached, and then nothing is done. */
export interface EmergencyStore {
  /**
   * @param notice put into the outbox with it: both are done, or nothing
   * @returns `undefined` when it is declared; the id of the one that is open already, and then it is not
   */
  declare(
    id: string,
    event: EmergencyEvent & { readonly kind: 'declared' },
    notice?: NoticeMessage,
  ): Promise<string | undefined>;
  /**
   * Adds an event, where the emergency is open and still has the revision that the writer saw.
   * @param notice put into the outbox with it: both are done, or nothing
   * @returns whether it was added
   */
  append(id: string, revision: number, event: EmergencyEvent, notice?: NoticeMessage): Promise<boolean>;
  /** Adds to the timeline what is not there yet. */
  fill(id: string, entries: readonly FilledEntry[]): Promise<void>;
  find(id: string): Promise<(StoredEmergency & { readonly filled: readonly FilledEntry[] }) | undefined>;
  open(): Promise<StoredEmergency | undefined>;
  /** The last ones, the latest first. */
  last(count: number): Promise<StoredEmergency[]>;
}
