import type { RenderAnswer, RenderRequest } from '../query/types.js';
import { type TerritoryError, TerritoryTooLargeError, TerritoryUnsupportedError } from '../territory/errors.js';
import type { Client } from './client.js';
import { TerritoryUpstreamError } from './errors.js';
import { forwardedHead } from './forwarded-head.js';
import { inflatable, inflateBody } from './inflate.js';
import type { ProxyServices } from './services.js';
import type { AnswerHead } from './upstream/answer-head.js';
import { type AnswerReceiver, Forward } from './upstream/forward.js';

/** How many templates of one request are rendered at once. */
const AT_ONCE = 8;

/** Rendered; or what the search itself would be answered, too. Anything else says nothing of the template. */
const TELLING: ReadonlySet<number> = new Set([200, 400, 401, 403, 404]);

const BODY_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'accept', 'accept-encoding']);
const NO_BODY = ['accept', 'application/json', 'accept-encoding', 'identity'];
const JSON_BODY = [...NO_BODY, 'content-type', 'application/json'];

/** Has the templates of one request rendered by Elasticsearch, with the client's own headers. */
export class Renders {
  readonly #services: ProxyServices;
  readonly #client: Client;
  readonly #hold: (bytes: number) => void;
  readonly #asks: readonly RenderRequest[];
  readonly #done: (error: TerritoryError | undefined, answers: readonly RenderAnswer[]) => void;
  readonly #answers: RenderAnswer[] = [];
  /** What is under way, by what gives it up. */
  readonly #cancels = new Set<() => void>();
  #next = 0;
  #left: number;

  /**
   * @param client whose headers they go out with
   * @param hold told how many bytes more are kept in memory; throws where there is no room for them
   * @param done called once, with an error where a template could be neither rendered nor refused by Elasticsearch
   */
  constructor(
    services: ProxyServices,
    client: Client,
    hold: (bytes: number) => void,
    asks: readonly RenderRequest[],
    done: (error: TerritoryError | undefined, answers: readonly RenderAnswer[]) => void,
  ) {
    this.#services = services;
    this.#client = client;
    this.#hold = hold;
    this.#asks = asks;
    this.#left = asks.length;
    this.#done = done;
  }

  start(): void {
    while (this.#next < Math.min(AT_ONCE, this.#asks.length)) this.#ask();
  }

  /** Gives up what is under way; `done` is not called any more. */
  cancel(): void {
    this.#left = 0;
    for (const cancel of this.#cancels) cancel();
  }

  #ask(): void {
    const place = this.#next++;
    const { method, target, body } = this.#asks[place]!;
    const { nodes, options } = this.#services;
    const receiver = new WholeAnswer(options.limits.bodyBytes, this.#hold, (error, answer) => {
      if (this.#left === 0) return;
      if (error !== undefined) {
        this.#fail(error);
        return;
      }
      this.#cancels.delete(cancel);
      this.#answered(place, answer);
    });
    const forward = new Forward(
      nodes,
      {
        method,
        target,
        ...forwardedHead(this.#services, this.#client, BODY_HEADERS, body === undefined ? NO_BODY : JSON_BODY),
        body,
        timeoutMs: options.upstream.timeoutMs,
      },
      receiver,
    );
    const cancel = (): void => {
      forward.cancel();
      receiver.cancel();
    };
    this.#cancels.add(cancel);
    forward.start();
  }

  #answered(place: number, answer: RenderAnswer): void {
    const { method, target } = this.#asks[place]!;
    if (!TELLING.has(answer.status)) {
      const said = answer.body.toString('utf8', 0, 300);
      const reason = `the template could not be rendered, Elasticsearch answers ${answer.status} to ${method} ${target}: ${said}`;
      this.#fail(new TerritoryUpstreamError(reason));
      return;
    }
    this.#answers[place] = answer;
    if (--this.#left === 0) this.#done(undefined, this.#answers);
    else if (this.#next < this.#asks.length) this.#ask();
  }

  #fail(error: TerritoryError): void {
    this.cancel();
    this.#done(error, []);
  }
}

/** Takes in an answer to its end, inflated where it comes compressed after all. */
class WholeAnswer implements AnswerReceiver {
  readonly #limit: number;
  readonly #hold: (bytes: number) => void;
  readonly #done: (error: TerritoryError | undefined, answer: RenderAnswer) => void;
  #stopInflating: (() => void) | undefined;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #encoding: string | undefined;
  #length = 0;

  constructor(
    limit: number,
    hold: (bytes: number) => void,
    done: (error: TerritoryError | undefined, answer: RenderAnswer) => void,
  ) {
    this.#limit = limit;
    this.#hold = hold;
    this.#done = done;
  }

  /** `done` is not called any more, of what is under way. */
  cancel(): void {
    this.#stopInflating?.();
  }

  head({ status, contentEncoding }: AnswerHead): void {
    this.#status = status;
    this.#encoding = contentEncoding;
  }

  data(piece: Buffer): boolean {
    this.#keep(piece);
    return true;
  }

  end(piece: Buffer | undefined): void {
    if (piece !== undefined && !this.#keep(piece)) return;
    const status = this.#status;
    const body = Buffer.concat(this.#chunks);
    const encoding = this.#encoding;
    if (encoding === undefined || encoding === 'identity') this.#done(undefined, { status, body });
    else if (!inflatable(encoding)) {
      const reason = `the rendered template came as ${encoding}, though identity was asked for`;
      this.#done(new TerritoryUpstreamError(reason), NOTHING);
    } else {
      this.#stopInflating = inflateBody(encoding, body, this.#limit, this.#hold, (error, inflated) => {
        if (error === undefined) this.#done(undefined, { status, body: inflated });
        else if (!(error instanceof TerritoryUnsupportedError)) this.#done(error, NOTHING);
        else
          this.#done(new TerritoryUpstreamError(`the rendered template: ${error.message}`, { cause: error }), NOTHING);
      });
    }
  }

  failed(error: TerritoryError): void {
    this.#done(error, NOTHING);
  }

  /** @returns false where it is too long, or there is no room for it: then it is over */
  #keep(piece: Buffer): boolean {
    this.#length += piece.length;
    try {
      if (this.#length > this.#limit) {
        const reason = `the rendered template is longer than the ${this.#limit} bytes that limits.bodyBytes allows`;
        throw new TerritoryTooLargeError(reason);
      }
      this.#hold(piece.length);
    } catch (error) {
      this.failed(error as TerritoryError);
      return false;
    }
    this.#chunks.push(Buffer.from(piece));
    return true;
  }
}

const NOTHING: RenderAnswer = { status: 0, body: Buffer.alloc(0) };
