import { randomUUID } from 'node:crypto';
import type { BatchId } from './types.js';

/** What has left: it arrived, or was refused and will be each time. */
export interface Sent<Content> {
  readonly content: Content;
  readonly refusal?: Error;
}

/**
 * What is on its way to a store, one after the other. Each is numbered, and stays as it is, with its number, until the
 * store has answered: so what is sent again because an answer was lost is known there, and is not taken twice.
 */
export class Outgoing<Content> {
  readonly #writer = randomUUID();
  #sequence = 0;
  #current: { readonly id: BatchId; readonly content: Content } | undefined;

  /** What was sent and is not answered. */
  get content(): Content | undefined {
    return this.#current?.content;
  }

  /**
   * Sends what was not answered, or else what comes next. Rejects where the store does not answer.
   * @param next gives what comes next, which is held here from then on
   * @returns `undefined` where there was nothing to send
   */
  async send(
    next: () => Content | undefined,
    write: (content: Content, id: BatchId) => Promise<void>,
  ): Promise<Sent<Content> | undefined> {
    this.#current ??= this.#numbered(next());
    if (this.#current === undefined) return undefined;
    const { id, content } = this.#current;
    const refusal = await orRefused(write(content, id));
    this.#current = undefined;
    return refusal === undefined ? { content } : { content, refusal };
  }

  #numbered(content: Content | undefined) {
    if (content === undefined) return undefined;
    this.#sequence += 1;
    return { id: { writer: this.#writer, sequence: this.#sequence }, content };
  }
}

/** Classes of SQLSTATE that say that the values themselves can't be taken: data exceptions and broken constraints. */
const REFUSED = /^2[23]/;

/** The error of a store that answered and will never take this; any other is thrown. */
async function orRefused(written: Promise<void>): Promise<Error | undefined> {
  try {
    await written;
    return undefined;
  } catch (error) {
    if (REFUSED.test((error as { code?: string }).code ?? '')) return error as Error;
    throw error;
  }
}
