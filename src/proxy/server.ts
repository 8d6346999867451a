import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { RefusedSearch } from '../query/types.js';
import { GuardedObserver } from '../stats/guarded-observer.js';
import type { Observer } from '../stats/record.js';
import { Connections } from './connections.js';
import { ownAuthorization } from './credentials.js';
import { answerMalformed } from './error-answer.js';
import { Exchange } from './exchange.js';
import { FastPath } from './fast-path.js';
import { isInternalPath } from './internal-path.js';
import { keepFreedMemory } from './keep-freed-memory.js';
import { Load } from './load.js';
import { NodeClient } from './node-client.js';
import type { ProxyOptions } from './options.js';
import { leastPace } from './pace.js';
import type { RewriterSource } from './rewriters.js';
import type { ProxyServices } from './services.js';
import { SlowBodies } from './slow-bodies.js';
import { Turns } from './turns.js';
import { UpstreamNodes } from './upstream/nodes.js';
import { StalledUploads } from './watched-body.js';

/** Heads of up to this size are read, so that Elasticsearch's own limits answer, and a long `q=` can move into the body. */
const MAX_HEADER_BYTES = 256 * 1024;

/** How long a head may take to come, in ms, as node:http has it. */
const HEAD_MS = 60_000;

export interface ProxyParts {
  readonly rewriters: RewriterSource;
  /** Gets a record of every request that is not for `/_territory`. */
  readonly observer?: Observer | undefined;
  /** Told what the observer threw, which costs no request its answer. */
  readonly observerFailed?: ((error: unknown) => void) | undefined;
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
  readonly #load: Load;
  readonly #connections: Connections;
  readonly #turns = new Turns((socket) => {
    // An answer that had begun before could not say that its connection ends.
    if (this.closing) socket.destroySoon();
  });
  #ready = false;
  #closing: Promise<void> | undefined;
  /** Whether nobody is waited for any more, and who is told of it. */
  #cutsOff = false;
  #onCutOff: () => void = () => undefined;

  constructor(options: ProxyOptions, parts: ProxyParts) {
    this.#options = options;
    const least = leastPace(options.limits);
    this.#nodes = new UpstreamNodes(options.nodes, options.upstream, least);
    const slow = new SlowBodies(least, (wanted) => this.#nodes.giveWay(wanted));
    this.#load = new Load(options.limits.bufferedBytes, () => slow.roomWanted());
    const services: ProxyServices = {
      options,
      rewriters: parts.rewriters,
      observer: parts.observer && new GuardedObserver(parts.observer, parts.observerFailed ?? (() => undefined)),
      nodes: this.#nodes,
      authorization: ownAuthorization(options.upstream.auth, options.nodes),
      load: this.#load,
      slow,
      stalled: new StalledUploads(this.#load),
      mergeMsearch: parts.mergeMsearch,
    };
    const serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
      if (!isInternalPath(request.url!)) {
        new Exchange(services, new NodeClient(request, response, expectsContinue, this, slow)).start();
      } else {
        if (this.closing) response.shouldKeepAlive = false;
        if (expectsContinue) response.writeContinue();
        parts.internal(request, response);
      }
    };
    this.#server = listener(options);
    this.#server
      .on('request', (request, response) => this.#turns.take(request, response, () => serve(request, response, false)))
      .on('checkContinue', (request, response) =>
        this.#turns.take(request, response, () => serve(request, response, true)),
      )
      .on('checkExpectation', (_request, response) => {
        response.sendDate = false;
        response.shouldKeepAlive = false;
        response.writeHead(417, ['content-length', '0', 'X-elastic-product', 'Elasticsearch']).end();
      })
      .on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
        const tell = (): void => answerMalformed(socket, error);
        // Who is gone is told nothing.
        if (error.code === 'ECONNRESET') tell();
        else this.#turns.malformed(socket, tell);
      })
      // Who has not shaken hands can't be told anything.
      .on('tlsClientError', (_error, socket: Socket) => socket.destroy());
    this.#server.maxHeadersCount = 0;
    if (options.fastPath !== false) {
      this.#fastPath = new FastPath(this.#server, options.tls ? 'secureConnection' : 'connection', services);
    }
    // After the fast path, which takes the place of the last listener.
    this.#connections = new Connections(this.#server, options.tls !== undefined);
  }

  /** Requests on their way, those for `/_territory` not counted. */
  get inFlight(): number {
    return this.#load.inFlight;
  }

  /** What requests on their way keep in memory of their bodies, in bytes. */
  get heldBytes(): number {
    return this.#load.held;
  }

  /** Whether new requests are welcome: from `listen` to `close`. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether each answer ends its connection: from `close`. */
  get closing(): boolean {
    return this.#closing !== undefined;
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
    else this.#cutOff();
    return this.#closing;
  }

  async #close({ graceMs, noticeMs = 0 }: CloseOptions): Promise<void> {
    this.#ready = false;
    if (this.#fastPath !== undefined) this.#fastPath.closing = true;
    const cutOff = new Promise<void>((resolve) => {
      this.#onCutOff = resolve;
    });
    const hardLimit = setTimeout(() => this.#cutOff(), graceMs);
    await Promise.race([cutOff, wait(Math.min(noticeMs, graceMs / 2))]);
    await Promise.race([cutOff, this.#load.idle(), wait(graceMs / 2)]);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      // Now that no new one comes.
      if (this.#cutsOff) this.#connections.closeAll();
      else this.#connections.closeIdle((socket) => this.#turns.has(socket) || this.#fastPath?.isBusy(socket) === true);
    });
    clearTimeout(hardLimit);
    this.#nodes.destroy();
  }

  #cutOff(): void {
    this.#cutsOff = true;
    this.#connections.closeAll();
    this.#onCutOff();
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
    handshakeTimeout: headMs,
    cert: tls.cert,
    key: tls.key,
    ...(tls.passphrase === undefined ? undefined : { passphrase: tls.passphrase }),
    ...(tls.ca === undefined ? undefined : { ca: tls.ca }),
    requestCert: required,
    rejectUnauthorized: required,
  });
}
