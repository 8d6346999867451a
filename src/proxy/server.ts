import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { RefusedSearch } from '../query/types.js';
import type { Observer } from '../stats/record.js';
import { ownAuthorization } from './credentials.js';
import { answerMalformed } from './error-answer.js';
import { Exchange } from './exchange.js';
import { FastPath } from './fast-path.js';
import { isInternalPath } from './internal-path.js';
import { keepFreedMemory } from './keep-freed-memory.js';
import { NodeClient } from './node-client.js';
import type { ProxyOptions } from './options.js';
import type { RewriterSource } from './rewriters.js';
import type { ProxyServices } from './services.js';
import { UpstreamNodes } from './upstream/nodes.js';

/** Heads of up to this size are read, so that Elasticsearch's own limits answer, and a long `q=` can move into the body. */
const MAX_HEADER_BYTES = 256 * 1024;

/** How long a head may take to come, in ms, as node:http has it. */
const HEAD_MS = 60_000;

export interface ProxyParts {
  readonly rewriters: RewriterSource;
  /** Gets a record of every request that is not for `/_territory`. */
  readonly observer?: Observer | undefined;
  /** Answers what is asked of `/_territory`. */
  readonly internal: (request: IncomingMessage, response: ServerResponse) => void;
  /** Completes the answer of an `_msearch` of which searches were refused. */
  readonly mergeMsearch: (answer: Buffer, refused: readonly RefusedSearch[], total: number) => Buffer;
}

export interface CloseOptions {
  /** After this long what is still in flight is cut off, in ms. */
  readonly graceMs: number;
  /** How long new connections are still taken after `ready` went false, so that a balancer can notice, in ms (0). */
  readonly noticeMs?: number | undefined;
}

/**
 * The listener. Open, it forwards; closing, it is no longer `ready` but goes on answering while requests are in flight
 * (each answer ends its connection), at most half the grace; then it takes no new connection, and at the end of the
 * grace it cuts off what is left.
 */
export class ProxyServer {
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #nodes: UpstreamNodes;
  readonly #fastPath: FastPath | undefined;
  #inFlight = 0;
  #ready = false;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(options: ProxyOptions, parts: ProxyParts) {
    this.#options = options;
    this.#nodes = new UpstreamNodes(options.nodes, options.upstream);
    const services: ProxyServices = {
      options,
      rewriters: parts.rewriters,
      observer: parts.observer,
      nodes: this.#nodes,
      authorization: ownAuthorization(options.upstream.auth, options.nodes),
      load: this.#load(),
      mergeMsearch: parts.mergeMsearch,
    };
    const serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
      if (this.#closing !== undefined) response.shouldKeepAlive = false;
      if (!isInternalPath(request.url!)) {
        new Exchange(services, new NodeClient(request, response, expectsContinue)).start();
      } else {
        if (expectsContinue) response.writeContinue();
        parts.internal(request, response);
      }
    };
    this.#server = listener(options);
    this.#server
      .on('request', (request, response) => serve(request, response, false))
      .on('checkContinue', (request, response) => serve(request, response, true))
      .on('checkExpectation', (_request, response) => {
        response.sendDate = false;
        response.shouldKeepAlive = false;
        response.writeHead(417, ['content-length', '0', 'X-elastic-product', 'Elasticsearch']).end();
      })
      .on('clientError', (error, socket) => answerMalformed(socket as Socket, error));
    this.#server.maxHeadersCount = 0;
    if (options.fastPath !== false) {
      this.#fastPath = new FastPath(this.#server, options.tls ? 'secureConnection' : 'connection', services);
    }
  }

  /** Requests on their way, those for `/_territory` not counted. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether new requests are welcome: from `listen` to `close`. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Begins to listen. Rejects where the address can't be had. */
  listen(): Promise<AddressInfo> {
    keepFreedMemory();
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen({ host, port, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#ready = true;
        resolve(this.#server.address() as AddressInfo);
      });
    });
  }

  /** Ends gracefully. A second call cuts everything off at once. */
  close(options: CloseOptions): Promise<void> {
    if (this.#closing === undefined) this.#closing = this.#close(options);
    else this.#closeAll();
    return this.#closing;
  }

  async #close({ graceMs, noticeMs = 0 }: CloseOptions): Promise<void> {
    this.#ready = false;
    if (this.#fastPath !== undefined) this.#fastPath.closing = true;
    const hardLimit = setTimeout(() => this.#closeAll(), graceMs);
    await wait(Math.min(noticeMs, graceMs / 2));
    if (this.#inFlight > 0) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#idle = resolve;
        }),
        wait(graceMs / 2),
      ]);
    }
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      this.#fastPath?.closeIdle();
    });
    clearTimeout(hardLimit);
    this.#nodes.destroy();
  }

  #closeAll(): void {
    this.#server.closeAllConnections();
    this.#fastPath?.closeAll();
  }

  #load(): ProxyServices['load'] {
    const server = this;
    return {
      held: 0,
      get inFlight() {
        return server.#inFlight;
      },
      began() {
        server.#inFlight += 1;
      },
      ended() {
        server.#inFlight -= 1;
        if (server.#inFlight === 0) server.#idle?.();
      },
    };
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function listener({ tls, limits }: ProxyOptions): Server {
  const headMs = limits.headMs ?? HEAD_MS;
  const common: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    // As Elasticsearch: an idle connection stays, and a long upload may take its time.
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: headMs,
    connectionsCheckingInterval: headMs / 4,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
    requireHostHeader: false,
    insecureHTTPParser: false,
    highWaterMark: 64 * 1024,
  };
  if (tls === undefined) return createServer(common);
  const required = tls.clientCertificate === 'required';
  return createTlsServer({
    ...common,
    cert: tls.cert,
    key: tls.key,
    ...(tls.passphrase === undefined ? undefined : { passphrase: tls.passphrase }),
    ...(tls.ca === undefined ? undefined : { ca: tls.ca }),
    requestCert: required,
    rejectUnauthorized: required,
  });
}
