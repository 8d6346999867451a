import type { Emergency, FilledEntry } from './emergency.js';

/** What is posted to the webhook: `text` is what Slack and those like it show. */
export interface NoticeMessage {
  /** The same each time that this is told: whoever must not act twice goes by it. */
  readonly id: string;
  readonly text: string;
  readonly event: 'declared' | 'closed';
  readonly emergency: Pick<Emergency, 'id' | 'title' | 'severity' | 'declared' | 'responsible' | 'closed'>;
}

/** One that waits to be told. */
export interface Notice {
  readonly message: NoticeMessage;
  /** With the one to come. */
  readonly attempt: number;
  /** Since the change that it tells of, in milliseconds. */
  readonly ageMs: number;
}

/** Where notices wait. Every method rejects where the store can't be reached. */
export interface Outbox {
  /**
   * Takes the oldest notice that is due. For `leaseMs` nobody else is given it; after that it is due again. What is told
   * of one emergency is given in its order.
   */
  take(leaseMs: number): Promise<Notice | undefined>;
  /** Puts one back that could not be told. */
  putBack(message: NoticeMessage, dueInMs: number, entry?: FilledEntry): Promise<void>;
  /** Takes one off for good, and fills the timeline with what became of it. */
  settle(message: NoticeMessage, entry: FilledEntry): Promise<void>;
}

export function noticeOf(event: 'declared' | 'closed', emergency: Emergency): NoticeMessage {
  const { id, title, severity, declared, responsible, closed } = emergency;
  const text =
    event === 'declared'
      ? `Emergency declared (${severity}) by ${declared.by}: ${title}`
      : `Emergency closed by ${closed?.by}: ${title}. Cause: ${closed?.cause}`;
  return {
    id: `${id}:${event}`,
    text: escaped(text),
    event,
    emergency: {
      ...{ id, title, severity, declared },
      ...(responsible === undefined ? {} : { responsible }),
      ...(closed === undefined ? {} : { closed }),
    },
  };
}

/** As Slack asks for it, so that nobody is called by a title that holds `<!channel>`. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
