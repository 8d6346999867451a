import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome, Plan, RequestHead } from '../query/types.js';
import type { RecordedError, RequestOutcome } from '../stats/record.js';
import type { TerritoryError } from '../territory/errors.js';
import { AnswerStream } from './answer-stream.js';
import { CountedBody } from './counted-body.js';
import { discardRest } from './discard-rest.js';
import { answerBytes, answerError } from './error-answer.js';
import { rewriteFailure, TerritoryBusyError } from './errors.js';
import { forwardedHeaders, headerValue } from './headers.js';
import { inflatable, inflateBody } from './inflate.js';
import { MergedAnswer } from './merged-answer.js';
import { bodyTooLarge, readBody } from './read-body.js';
import { refusal } from './refusal.js';
import { Renders } from './render.js';
import { requestRecord } from './request-record.js';
import { rewriteHeaders } from './rewrite-headers.js';
import { rewriterFor, withTreeAskedFor } from './rewriter-for.js';
import type { RequestRewriter } from './rewriters.js';
import { isSafeRead } from './safe-reads.js';
import type { ProxyServices } from './services.js';
import { timeoutFor } from './timeouts.js';
import { Forward } from './upstream/forward.js';

type Rewritten = Extract<Outcome, { kind: 'rewritten' }>;

/** From here on Elasticsearch may refuse a head, and then reads nothing more on that connection: 4 kB of line, 8 or 16 kB in all. */
const LONG_TARGET = 4_000;
const LONG_HEAD = 7_500;

/** What does not go on with a body of the proxy's own. */
const OLD_BODY: ReadonlySet<string> = new Set(['content-encoding']);

/**
 * One request from its head to the end of its answer: refused, or planned, read, rewritten and forwarded. Whatever
 * happens, the response's `close` ends it, and then the observer gets its record.
 */
export class Exchange {
  readonly #services: ProxyServices;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #began = performance.now();
  readonly #time = Date.now();
  readonly #target: string;
  readonly #method: string;
  /** Read at once: a connection that is gone has no address. */
  readonly #client: string;
  #rewriter: RequestRewriter;
  #expectsContinue: boolean;
  #endpoint = 'unknown';
  #outcome: RequestOutcome = 'passed';
  #rewritten: Rewritten | undefined;
  #rewriteMicros: number | undefined;
  #error: RecordedError | undefined;
  #renders: Renders | undefined;
  #forward: Forward | undefined;
  #answer: AnswerStream | MergedAnswer | undefined;
  #body: CountedBody | undefined;
  #bytesIn = 0;
  #bytesOut = 0;
  #over = false;

  constructor(services: ProxyServices, request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) {
    this.#services = services;
    this.#request = request;
    this.#response = response;
    this.#expectsContinue = expectsContinue;
    this.#target = request.url!;
    this.#method = request.method!;
    this.#client = request.socket.remoteAddress ?? '';
    this.#rewriter = services.rewriters.current;
  }

  start(): void {
    this.#services.load.began();
    const end = (): void => this.#end();
    this.#response.on('close', end).on('error', end);
    // The answer to a pipelined request has no connection yet, and so no `close` of its own when the client goes away.
    this.#request.on('error', end);
    const head = this.#head();
    let plan: Plan;
    try {
      this.#check();
      plan = this.#rewriter.plan(head);
    } catch (error) {
      this.#refuse(rewriteFailure(error));
      return;
    }
    this.#endpoint = plan.endpoint;
    if (this.#expectsContinue) {
      this.#expectsContinue = false;
      this.#response.writeContinue();
    }
    this.#read(plan, head);
  }

  #head(): RequestHead {
    const { headers } = this.#request;
    return {
      method: this.#method,
      target: this.#target,
      contentType: headers['content-type'],
      contentEncoding: headers['content-encoding'],
    };
  }

  /** Throws for what goes no further, whatever it asks. */
  #check(): void {
    const { limits } = this.#services.options;
    const refused = refusal(this.#request);
    if (refused !== undefined) throw refused;
    if (this.#services.load.inFlight > limits.inFlight) {
      throw new TerritoryBusyError(`more than ${limits.inFlight} requests are in flight (limits.inFlight)`);
    }
    if (Number(this.#request.headers['content-length']) > limits.bodyBytes) throw bodyTooLarge(limits.bodyBytes);
  }

  #read(plan: Plan, head: RequestHead): void {
    const { bodyBytes } = this.#services.options.limits;
    const { headers } = this.#request;
    const length = headers['content-length'];
    const hasBody = (length !== undefined && Number(length) > 0) || headers['transfer-encoding'] !== undefined;
    if (plan.kind === 'stream') {
      this.#body = hasBody ? new CountedBody(this.#request, bodyBytes) : undefined;
      this.#pass(this.#body);
    } else if (!hasBody) {
      this.#rewrite(head, undefined, undefined);
    } else {
      readBody(this.#request, bodyBytes, (error, body) => {
        this.#bytesIn = body.length;
        if (this.#over) return;
        if (error !== undefined) this.#refuse(error);
        else this.#inflate(head, body);
      });
    }
  }

  #inflate(head: RequestHead, original: Buffer): void {
    const encoding = head.contentEncoding;
    // What can't be inflated the rewriter judges by its head.
    if (encoding === undefined || !inflatable(encoding)) {
      this.#rewrite(head, original, original);
      return;
    }
    inflateBody(encoding, original, this.#services.options.limits.bodyBytes, (error, inflated) => {
      if (this.#over) return;
      if (error !== undefined) this.#refuse(error);
      else this.#rewrite(head, inflated, original);
    });
  }

  #rewrite(head: RequestHead, body: Buffer | undefined, original: Buffer | undefined): void {
    this.#settle(original, () => {
      const version = this.#request.headers['x-territory-version'];
      this.#rewriter = rewriterFor(version, this.#services.rewriters, this.#rewriter, head, body);
      return this.#rewriter.rewrite(head, body);
    });
  }

  /** Does what the rewriter says. */
  #settle(original: Buffer | undefined, rewrite: () => Outcome): void {
    const began = performance.now();
    let outcome: Outcome;
    try {
      outcome = rewrite();
    } catch (error) {
      this.#refuse(rewriteFailure(error));
      return;
    } finally {
      this.#rewriteMicros = (this.#rewriteMicros ?? 0) + (performance.now() - began) * 1000;
    }
    if (outcome.kind === 'pass') this.#pass(original);
    else if (outcome.kind === 'render') this.#render(outcome, original);
    else if (outcome.kind === 'answer') {
      this.#outcome = 'refused';
      this.#bytesOut = answerBytes(this.#request, this.#response, outcome.status, outcome.body, []);
    } else this.#send(outcome);
  }

  /** Has templates rendered, and does what the rewriter says then. */
  #render({ asks, rendered }: Extract<Outcome, { kind: 'render' }>, original: Buffer | undefined): void {
    this.#renders = new Renders(this.#services, this.#request.rawHeaders, asks, (error, answers) => {
      const version = this.#request.headers['x-territory-version'];
      if (error !== undefined) this.#fail(error);
      else this.#settle(original, () => withTreeAskedFor(version, this.#rewriter, () => rendered(answers)));
    });
    this.#renders.start();
  }

  /** Forwards what came as it came. */
  #pass(body: Buffer | CountedBody | undefined): void {
    const headers = forwardedHeaders(this.#request.rawHeaders);
    if (body instanceof CountedBody) {
      const length = this.#request.headers['content-length'];
      if (length !== undefined) headers.push('content-length', length);
    }
    this.#go(this.#method, this.#target, headers, body, undefined);
  }

  /** Forwards what the rewriter made of it. */
  #send(outcome: Rewritten): void {
    this.#rewritten = outcome;
    this.#outcome = 'rewritten';
    const merges = outcome.refused !== undefined && outcome.refused.length > 0;
    const { contentType } = outcome;
    let without = OLD_BODY;
    if (merges || contentType !== undefined) {
      without = new Set([
        ...OLD_BODY,
        ...(merges ? ['accept-encoding'] : []),
        ...(contentType ? ['content-type'] : []),
      ]);
    }
    const headers = forwardedHeaders(this.#request.rawHeaders, without);
    if (contentType !== undefined) headers.push('content-type', contentType);
    if (merges) headers.push('accept-encoding', 'identity');
    this.#go(outcome.method, outcome.target, headers, outcome.body, outcome);
  }

  #go(
    method: string,
    target: string,
    headers: string[],
    body: Buffer | CountedBody | undefined,
    outcome: Rewritten | undefined,
  ): void {
    const { options, authorization, nodes } = this.#services;
    if (authorization !== undefined && headerValue(headers, 'authorization') === undefined) {
      headers.push('authorization', authorization);
    }
    const extra =
      outcome === undefined ? [] : rewriteHeaders(outcome, this.#rewriter.tree.version, this.#rewriteMicros ?? 0);
    const fail = (error: TerritoryError): void => this.#fail(error);
    this.#answer =
      outcome?.refused !== undefined && outcome.refused.length > 0
        ? new MergedAnswer(this.#response, extra, outcome, this.#services, fail)
        : new AnswerStream(this.#request, this.#response, extra, fail);
    this.#forward = new Forward(
      nodes,
      {
        method,
        target,
        headers,
        body,
        timeoutMs: timeoutFor(target, options.upstream.timeoutMs),
        repeatable: !(body instanceof CountedBody) && isSafeRead(method, target),
        lastOnConnection: target.length > LONG_TARGET || headBytes(headers) + target.length > LONG_HEAD,
      },
      this.#answer,
    );
    this.#forward.start();
  }

  /** Answers an error of the proxy's own before anything was forwarded. */
  #refuse(error: TerritoryError): void {
    this.#outcome = error.status >= 500 ? 'failed' : 'refused';
    this.#tell(error);
  }

  /** Answers that Elasticsearch could not be asked. */
  #fail(error: TerritoryError): void {
    this.#outcome = error.status >= 500 ? 'failed' : 'refused';
    if (this.#response.headersSent) this.#note(error);
    else this.#tell(error);
  }

  #tell(error: TerritoryError): void {
    this.#note(error);
    if (this.#over) return;
    // A client that waits for `100 Continue` may send its body or not: only a closed connection leaves no doubt.
    if (this.#expectsContinue) this.#response.shouldKeepAlive = false;
    this.#bytesOut = answerError(this.#request, this.#response, error);
  }

  #note(error: TerritoryError): void {
    const units = 'units' in error && Array.isArray(error.units) ? (error.units as string[]) : undefined;
    this.#error = { type: error.type, reason: error.message, ...(units === undefined ? {} : { units }) };
  }

  /** The response is out, or the client is gone. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#services.load.ended();
    this.#body?.destroy();
    this.#renders?.cancel();
    this.#forward?.cancel();
    const gone = !this.#response.writableFinished;
    if (!gone) discardRest(this.#request, this.#services.options.limits.bodyBytes);
    if (this.#rewritten === undefined || gone) this.#record(gone, undefined, undefined);
    else if (this.#answer === undefined) this.#record(gone, undefined, undefined);
    else this.#answer.facts(({ took, hits }) => this.#record(gone, took, hits));
  }

  #record(gone: boolean, took: number | undefined, hits: number | undefined): void {
    if (gone && this.#error === undefined) {
      this.#outcome = 'failed';
      this.#error = { type: 'client_closed_request', reason: 'the client went away before the answer was complete' };
    }
    this.#services.observer?.request(
      requestRecord({
        request: this.#request,
        response: this.#response,
        client: this.#client,
        time: this.#time,
        began: this.#began,
        endpoint: this.#endpoint,
        outcome: this.#outcome,
        treeVersion: this.#rewriter.tree.version,
        rewritten: this.#rewritten,
        rewriteMicros: this.#rewriteMicros,
        answer: this.#answer,
        sentAt: this.#forward?.sentAt,
        bytesIn: this.#body?.bytes ?? this.#bytesIn,
        bytesOut: this.#bytesOut,
        took,
        hits,
        error: this.#error,
      }),
    );
  }
}

function headBytes(headers: readonly string[]): number {
  let bytes = 0;
  for (const text of headers) bytes += text.length + 2;
  return bytes;
}
