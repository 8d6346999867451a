import { setTimeout as wait } from 'node:timers/promises';
import type { Emergency, FilledEntry } from './emergency.js';

export interface WebhookOptions {
  readonly url: URL;
  /** For each attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** Before the second attempt, the third and so on, in milliseconds. */
  readonly pausesMs?: readonly number[];
  readonly now?: () => number;
}

const TIMEOUT_MS = 5_000;
const PAUSES_MS = [1_000, 5_000, 30_000];

/** What is posted: `text` is what Slack and those like it show. */
export interface WebhookMessage {
  readonly text: string;
  readonly event: 'declared' | 'closed';
  readonly emergency: Pick<Emergency, 'id' | 'title' | 'severity' | 'declared' | 'responsible' | 'closed'>;
}

/** Tells a chat, or whoever listens, that an emergency was declared or closed. */
export class Webhook {
  readonly #options: Required<WebhookOptions>;

  constructor(options: WebhookOptions) {
    this.#options = { timeoutMs: TIMEOUT_MS, pausesMs: PAUSES_MS, now: Date.now, ...options };
  }

  /** Tries a few times. It never rejects: what became of it is the entry for the timeline. */
  async announce(event: 'declared' | 'closed', emergency: Emergency): Promise<FilledEntry> {
    const { pausesMs, now } = this.#options;
    const body = JSON.stringify(messageOf(event, emergency));
    let problem = await this.#post(body);
    let attempts = 1;
    for (const pause of pausesMs) {
      if (problem === undefined || problem.final) break;
      await wait(pause, undefined, { ref: false });
      problem = await this.#post(body);
      attempts++;
    }
    const key = `webhook:${event}`;
    if (problem === undefined) {
      const text = { en: 'the webhook was told', fr: 'le webhook a été prévenu' };
      return { key, time: now(), kind: 'webhook', text };
    }
    const { reason } = problem;
    return {
      key,
      time: now(),
      kind: 'webhook',
      text: {
        en: `the webhook could not be told, in ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${reason}`,
        fr: `le webhook n’a pas pu être prévenu, en ${attempts} ${attempts === 1 ? 'essai' : 'essais'} : ${reason}`,
      },
    };
  }

  /** @returns what went wrong; `final` where trying again is of no use. The address is a secret, so no reason holds it */
  async #post(body: string): Promise<{ reason: string; final: boolean } | undefined> {
    const { url, timeoutMs } = this.#options;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      const { status } = answer;
      return { reason: `it answered ${status}`, final: status < 500 && status !== 408 && status !== 429 };
    } catch (error) {
      return { reason: reasonOf(error, timeoutMs), final: false };
    }
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs} ms`;
  return typeof cause?.code === 'string' ? cause.code : 'it could not be reached';
}

function messageOf(event: 'declared' | 'closed', emergency: Emergency): WebhookMessage {
  const { id, title, severity, declared, responsible, closed } = emergency;
  const text =
    event === 'declared'
      ? `Emergency declared (${severity}) by ${declared.by}: ${title}`
      : `Emergency closed by ${closed?.by}: ${title}. Cause: ${closed?.cause}`;
  return {
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
