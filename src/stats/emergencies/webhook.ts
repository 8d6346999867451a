import type { NoticeMessage } from './notice.js';

const TIMEOUT_MS = 5_000;

/** What went wrong. */
export interface WebhookProblem {
  /** In words. The address is a secret: it is in none. */
  readonly reason: string;
  /** Whether trying again is of no use. */
  readonly final: boolean;
}

/** A chat, or whoever listens, that is told when an emergency is declared and closed. */
export class Webhook {
  readonly #url: URL;
  readonly #timeoutMs: number;

  constructor(url: URL, timeoutMs = TIMEOUT_MS) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** Tells once. It never rejects. */
  async post(message: NoticeMessage): Promise<WebhookProblem | undefined> {
    try {
      const answer = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      const { status } = answer;
      return { reason: `it answered ${status}`, final: status < 500 && status !== 408 && status !== 429 };
    } catch (error) {
      return { reason: reasonOf(error, this.#timeoutMs), final: false };
    }
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs} ms`;
  return typeof cause?.code === 'string' ? cause.code : 'it could not be reached';
}
