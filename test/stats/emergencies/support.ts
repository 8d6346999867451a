import type { EmergencyEvent, FilledEntry } from '../../../src/stats/emergencies/emergency.js';
import type { NoticeMessage } from '../../../src/stats/emergencies/notice.js';
import type { EmergencyPolicy } from '../../../src/stats/emergencies/policy.js';
import type { EmergencyStore } from '../../../src/stats/emergencies/store.js';

const both = (text: string) => ({ en: text, fr: `${text} (fr)` });

export const policy: EmergencyPolicy = {
  about: both('About'),
  severities: [
    { id: 'critical', title: both('Critical'), criteria: [both('Much is broken')] },
    { id: 'minor', title: both('Minor'), criteria: [both('Little is broken')] },
  ],
  steps: [
    { id: 'diagnosis', title: both('Diagnosis'), question: both('What?'), required: true },
    { id: 'clients', title: both('Tell the clients?'), question: both('Whom?'), required: false },
    { id: 'related', title: both('Related problems'), question: both('Where else?'), required: false },
    { id: 'resolved', title: both('Resolved?'), question: both('How seen?'), required: true },
  ],
};

/** A store in memory that holds to the same rules as the one in a database, and can be made to fail. */
export class MemoryStore implements EmergencyStore {
  readonly emergencies = new Map<string, { events: EmergencyEvent[]; filled: Map<string, FilledEntry> }>();
  /** What was put into the outbox. */
  readonly notices: NoticeMessage[] = [];
  broken = false;

  async declare(id: string, event: EmergencyEvent, notice?: NoticeMessage): Promise<string | undefined> {
    this.#check();
    for (const [other, { events }] of this.emergencies) if (events.at(-1)?.kind !== 'closed') return other;
    this.emergencies.set(id, { events: [event], filled: new Map() });
    if (notice !== undefined) this.notices.push(notice);
    return undefined;
  }

  async append(id: string, revision: number, event: EmergencyEvent, notice?: NoticeMessage): Promise<boolean> {
    this.#check();
    const events = this.emergencies.get(id)?.events;
    if (events?.length !== revision || events.at(-1)?.kind === 'closed') return false;
    events.push(event);
    if (notice !== undefined) this.notices.push(notice);
    return true;
  }

  async fill(id: string, entries: readonly FilledEntry[]): Promise<void> {
    this.#check();
    const filled = this.emergencies.get(id)?.filled;
    for (const entry of entries) if (!filled?.has(entry.key)) filled?.set(entry.key, entry);
  }

  async find(id: string) {
    this.#check();
    const found = this.emergencies.get(id);
    return found && { id, events: [...found.events], filled: [...found.filled.values()] };
  }

  async open() {
    this.#check();
    return (await this.last(99)).find(({ events }) => events.at(-1)?.kind !== 'closed');
  }

  async last(count: number) {
    this.#check();
    return [...this.emergencies]
      .map(([id, { events }]) => ({ id, events: [...events] }))
      .reverse()
      .slice(0, count);
  }

  #check(): void {
    if (this.broken) throw new Error('connect ECONNREFUSED 10.0.0.1:5432');
  }
}

/** The events of an emergency at revision 2, ready to be closed. */
export function workedEmergency(): EmergencyEvent[] {
  const steps = { diagnosis: { done: true, answer: 'The map lost it' }, resolved: { done: true } };
  return [
    { kind: 'declared', time: 1, by: 'Ada', data: { title: 'No hits', severity: 'critical', steps: policy.steps } },
    { kind: 'changed', time: 2, by: 'Grace', data: { responsible: 'Grace', steps } },
  ];
}
