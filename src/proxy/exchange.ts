import { performance } from 'node:perf_hooks';
import type { Outcome, Plan, RequestHead } from '../query/types.js';
import type { TerritoryError } from '../territory/errors.js';
import { admit } from './admission.js';
import { AnswerStream } from './answer-stream.js';
import type { AnswerFacts } from './answer-tap.js';
import type { Client, ClientUser } from './client.js';
import { answerBytes, errorBody } from './error-answer.js';
import { rewriteFailure, TerritorySlowBodyError } from './errors.js';
import { forwardedHead } from './forwarded-head.js';
import { inflatable, inflateBody } from './inflate.js';
import { isMerged, MergedAnswer } from './merged-answer.js';
import { type OwnHeaders, ownHeaders } from './own-headers.js';
import { bodyTooLarge } from './read-body.js';
import { Renders } from './render.js';
import { detailOf, RequestFacts, requestRecord, upstreamMicros } from './request-record.js';
import { rewriteHeaders } from './rewrite-headers.js';
import { rewriterFor, withTreeAskedFor } from './rewriter-for.js';
import type { RequestRewriter } from './rewriters.js';
import type { ProxyServices } from './services.js';
import { timeoutFor } from './timeouts.js';
import { Forward } from './upstream/forward.js';
import type { StreamedBody } from './upstream/streamed-body.js';
import { WatchedBody } from './watched-body.js';

type Rewritten = Extract<Outcome, { kind: 'rewritten' }>;

const AS_IT_CAME: OwnHeaders = { without: new Set(), own: [] };

/**
 * One request from its head to the end of its answer: refused, or planned, read, rewritten and forwarded. Whatever
 * happens, the client's `over` ends it, and then the observer gets its record.
 */
export class Exchange implements ClientUser {
  readonly #services: ProxyServices;
  readonly #client: Client;
  readonly #facts: RequestFacts;
  readonly #head: RequestHead;
  #rewriter: RequestRewriter;
  /** Gives up the inflating of the body. */
  #stopInflating: (() => void) | undefined;
  #renders: Renders | undefined;
  #forward: Forward | undefined;
  #answer: AnswerStream | MergedAnswer | undefined;
  #body: StreamedBody | undefined;
  /** Bytes of bodies that it keeps in memory. */
  #held = 0;
  #over = false;

  constructor(services: ProxyServices, client: Client) {
    this.#services = services;
    this.#client = client;
    this.#facts = new RequestFacts(client);
    this.#head = {
      method: client.method,
      target: client.target,
      contentType: client.headers['content-type'],
      contentEncoding: client.headers['content-encoding'],
      accept: client.headers.accept,
    };
    this.#rewriter = services.rewriters.current;
  }

  start(): void {
    const client = this.#client;
    this.#services.load.began();
    client.serve(this);
    let plan: Plan;
    try {
      admit(client, this.#services);
      plan = this.#rewriter.plan(this.#head);
      this.#facts.endpoint = plan.endpoint;
      // Only what has come is held; but what could not be held anyway need not be sent.
      if (plan.kind === 'read' && client.length !== undefined) this.#services.load.room(client.length, 0);
    } catch (error) {
      this.#refuse(rewriteFailure(error));
      return;
    }
    if (client.waits) client.goOn();
    if (plan.kind === 'read') {
      if (client.hasBody) client.readBody();
      else this.#rewrite(undefined, undefined);
    } else {
      const body = client.hasBody ? client.streamBody(this.#services.options.limits.bodyBytes) : undefined;
      if (Buffer.isBuffer(body)) this.#facts.bytesIn = body.length;
      else if (body !== undefined) this.#body = new WatchedBody(body, this.#services.stalled);
      this.#pass(this.#body ?? (body as Buffer | undefined));
    }
  }

  get silenceMs(): number {
    return this.#services.slow.least.silenceMs;
  }

  grows(length: number): TerritoryError | undefined {
    const { bodyBytes } = this.#services.options.limits;
    const more = length - this.#facts.bytesIn;
    this.#facts.bytesIn = length;
    if (length > bodyBytes) return bodyTooLarge(bodyBytes);
    try {
      this.#hold(more);
      return undefined;
    } catch (error) {
      return error as TerritoryError;
    }
  }

  body(error: TerritoryError | undefined, original: Buffer): void {
    if (this.#over) return;
    if (error !== undefined) {
      this.#refuse(error);
      return;
    }
    const encoding = this.#head.contentEncoding;
    // What can't be inflated the rewriter judges by its head.
    if (encoding === undefined || !inflatable(encoding)) {
      this.#rewrite(original, original);
      return;
    }
    const hold = (bytes: number): void => this.#hold(bytes);
    const { bodyBytes } = this.#services.options.limits;
    this.#stopInflating = inflateBody(encoding, original, bodyBytes, hold, (error, inflated) => {
      if (error !== undefined) this.#refuse(error);
      else this.#rewrite(inflated, original);
    });
  }

  over(gone: boolean): void {
    this.#over = true;
    const { load, options } = this.#services;
    load.ended(this.#held);
    this.#stopInflating?.();
    this.#renders?.cancel();
    this.#forward?.cancel();
    this.#body?.stop();
    if (!gone) this.#client.discardRest(options.limits.bodyBytes);
    if (this.#facts.detail === undefined || gone || this.#answer === undefined) this.#record(gone, {});
    else this.#answer.facts((answer) => this.#record(gone, answer));
  }

  /** Notes that so many bytes more are kept in memory, or throws where all requests together keep too many, or it alone would. */
  #hold(bytes: number): void {
    this.#services.load.hold(bytes, this.#held);
    this.#held += bytes;
  }

  #rewrite(body: Buffer | undefined, original: Buffer | undefined): void {
    const version = this.#client.headers['x-territory-version'];
    this.#settle(original, () => {
      this.#rewriter = rewriterFor(version, this.#services.rewriters, this.#rewriter, this.#head, body);
      return this.#rewriter.rewrite(this.#head, body);
    });
  }

  /** Does what the rewriter says. */
  #settle(original: Buffer | undefined, rewrite: () => Outcome): void {
    const began = performance.now();
    let outcome: Outcome;
    try {
      outcome = rewrite();
      if (outcome.kind === 'rewritten' && outcome.body !== undefined) this.#hold(outcome.body.length);
    } catch (error) {
      this.#refuse(rewriteFailure(error));
      return;
    } finally {
      const facts = this.#facts;
      facts.rewroteAt = performance.now();
      facts.rewriteMicros = (facts.rewriteMicros ?? 0) + (facts.rewroteAt - began) * 1000;
    }
    if (outcome.kind === 'pass') this.#pass(original);
    else if (outcome.kind === 'render') this.#render(outcome, original);
    else if (outcome.kind === 'answer') {
      if (outcome.own === undefined) this.#facts.outcome = 'refused';
      this.#facts.refusedSearches = outcome.refused;
      this.#reply(outcome.status, outcome.body);
    } else this.#send(outcome);
  }

  /** Has templates rendered, and does what the rewriter says then. */
  #render({ asks, rendered }: Extract<Outcome, { kind: 'render' }>, original: Buffer | undefined): void {
    const hold = (bytes: number): void => this.#hold(bytes);
    this.#renders = new Renders(this.#services, this.#client, hold, asks, (error, answers) => {
      const version = this.#client.headers['x-territory-version'];
      if (error !== undefined) this.#fail(error);
      else this.#settle(original, () => withTreeAskedFor(version, this.#rewriter, () => rendered(answers)));
    });
    this.#renders.start();
  }

  /** Forwards what came as it came. */
  #pass(body: Buffer | StreamedBody | undefined): void {
    const { method, target } = this.#head;
    this.#go(method, target, AS_IT_CAME, body, undefined);
  }

  /** Forwards what the rewriter made of it. */
  #send(outcome: Rewritten): void {
    this.#facts.detail = detailOf(outcome);
    this.#facts.refusedSearches = outcome.refused;
    this.#facts.outcome = 'rewritten';
    this.#go(outcome.method, outcome.target, ownHeaders(outcome), outcome.body, outcome);
  }

  #go(
    method: string,
    target: string,
    { without, own }: OwnHeaders,
    body: Buffer | StreamedBody | undefined,
    outcome: Rewritten | undefined,
  ): void {
    const { options, nodes, mergeMsearch } = this.#services;
    const client = this.#client;
    const extra =
      outcome === undefined ? [] : rewriteHeaders(outcome, this.#rewriter.tree.version, this.#facts.rewriteMicros ?? 0);
    const fail = (error: TerritoryError): void => this.#fail(error);
    this.#answer =
      outcome !== undefined && isMerged(outcome)
        ? new MergedAnswer(client, extra, outcome, mergeMsearch, (bytes) => this.#hold(bytes), fail)
        : new AnswerStream(client, extra, fail, outcome?.total);
    const timeoutMs = timeoutFor(target, options.upstream.timeoutMs);
    try {
      const { lines, hostless } = forwardedHead(this.#services, client, without, own);
      const request = { method, target, lines, hostless, body, timeoutMs };
      this.#forward = new Forward(nodes, request, this.#answer);
    } catch (error) {
      this.#refuse(rewriteFailure(error));
      return;
    }
    this.#forward.start();
  }

  /** Answers an error of the proxy's own before anything was forwarded. */
  #refuse(error: TerritoryError): void {
    this.#facts.outcome = error.status >= 500 ? 'failed' : 'refused';
    this.#tell(error);
  }

  /** Answers that Elasticsearch could not be asked, or that its answer could not be read. */
  #fail(error: TerritoryError): void {
    this.#forward?.cancel();
    this.#facts.outcome = error.status >= 500 ? 'failed' : 'refused';
    if (this.#client.status !== 0) this.#note(error);
    else this.#tell(error);
  }

  #tell(error: TerritoryError): void {
    this.#note(error);
    if (this.#over) return;
    // A client that waits for `100 Continue` may send its body or not, one that fell silent in it may go on: only a closed
    // connection leaves no doubt.
    if (this.#client.waits || error instanceof TerritorySlowBodyError) this.#client.last();
    this.#reply(error.status, errorBody(error));
  }

  #reply(status: number, body: Buffer): void {
    // First, for the answer may be out and recorded when the call returns.
    this.#facts.bytesOut = body.length;
    answerBytes(this.#client, status, body);
  }

  #note(error: TerritoryError): void {
    const units = 'units' in error && Array.isArray(error.units) ? (error.units as string[]) : undefined;
    this.#facts.error = { type: error.type, reason: error.message, ...(units === undefined ? {} : { units }) };
  }

  #record(gone: boolean, answer: AnswerFacts): void {
    const facts = this.#facts;
    if (gone && facts.error === undefined) {
      facts.outcome = 'failed';
      facts.error = { type: 'client_closed_request', reason: 'the client went away before the answer was complete' };
    }
    const { observer } = this.#services;
    if (observer === undefined) return;
    const sentAt = this.#forward?.sentAt;
    if (facts.outcome === 'passed' && facts.refusedSearches === undefined && observer.passed !== undefined) {
      observer.passed(facts.endpoint, this.#client.address, upstreamMicros(this.#answer, sentAt));
      return;
    }
    if (this.#body !== undefined) facts.bytesIn = this.#body.bytes;
    observer.request(requestRecord(facts, this.#rewriter.tree.version, this.#answer, sentAt, answer));
  }
}
