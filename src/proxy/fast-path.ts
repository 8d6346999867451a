import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { answerMalformed } from './error-answer.js';
import { Exchange } from './exchange.js';
import { FastClient, type PlainConnection } from './fast-client.js';
import { isInternalPath } from './internal-path.js';
import { readPlainHead } from './plain-request.js';
import type { ProxyServices } from './services.js';
import type { SlowBodies } from './slow-bodies.js';

/** How many bytes of requests to come are taken in while one is served. */
const MOST_AHEAD = 64 * 1024;

type ConnectionListener = (this: Server, socket: Socket) => void;

/**
 * The fast path on the listening side. It reads plain requests (`readPlainHead`) from the socket itself. At the first
 * one that is anything else, before a byte of it is used, it hands the socket with all that came over to node:http,
 * which keeps it.
 */
export class FastPath {
  readonly #server: Server;
  readonly #services: ProxyServices;
  readonly #toNode: ConnectionListener;
  readonly #connections = new Map<Socket, FastConnection>();
  /** How long a new connection may be silent, in ms. */
  readonly headMs: number;
  /** Whether new requests go to node:http, which says to the client that the connection ends. */
  closing = false;

  /**
   * Puts itself before node:http on a server.
   * @param event when a connection can be read: `connection`, or with TLS `secureConnection`
   */
  constructor(server: Server, event: 'connection' | 'secureConnection', services: ProxyServices) {
    this.#server = server;
    this.#services = services;
    this.headMs = server.headersTimeout;
    // On a TLS server the first is Node's own that shakes hands; on each it is node:http's that was added last.
    this.#toNode = server.listeners(event).at(-1) as ConnectionListener;
    server.off(event, this.#toNode as (socket: Socket) => void);
    server.on(event, (socket: Socket) => {
      this.#connections.set(socket, new FastConnection(this, socket));
    });
  }

  /** Whether a request is under way on a connection. */
  isBusy(socket: Socket): boolean {
    return this.#connections.get(socket)?.idle === false;
  }

  serve(client: FastClient): void {
    new Exchange(this.#services, client).start();
  }

  get slow(): SlowBodies {
    return this.#services.slow;
  }

  handOver(connection: FastConnection, bytes: Buffer): void {
    const { socket } = connection;
    this.#connections.delete(socket);
    socket.pause();
    socket.unshift(bytes);
    this.#toNode.call(this.#server, socket);
    socket.resume();
  }

  gone(connection: FastConnection): void {
    this.#connections.delete(connection.socket);
  }
}

/** A connection of a client, as long as its requests are plain: one is served at a time, in their order. */
class FastConnection implements PlainConnection {
  readonly #path: FastPath;
  readonly socket: Socket;
  /** Read at once: a connection that is gone has no address. */
  readonly address: string;
  #client: FastClient | undefined;
  /** What came after the request that is served. */
  #ahead: Buffer | undefined;

  constructor(path: FastPath, socket: Socket) {
    this.#path = path;
    this.socket = socket;
    this.address = socket.remoteAddress ?? '';
    socket
      .on('data', this.#onData)
      .on('drain', this.#onDrain)
      .on('end', this.#onEnd)
      .on('error', nothing)
      .on('close', this.#onClose)
      .on('timeout', this.#onSilence)
      .setTimeout(path.headMs);
  }

  get idle(): boolean {
    return this.#client === undefined && this.#ahead === undefined;
  }

  get slow(): SlowBodies {
    return this.#path.slow;
  }

  get closing(): boolean {
    return this.#path.closing;
  }

  done(): void {
    this.#client = undefined;
    // In a turn of its own: a thousand requests that are answered at once must not be a thousand calls deep.
    if (this.#ahead !== undefined) process.nextTick(() => this.#goOn());
    else if (this.closing) this.socket.destroySoon();
  }

  #goOn(): void {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined || this.socket.destroyed) return;
    this.socket.resume();
    this.#next(ahead);
  }

  readonly #onData = (chunk: Buffer): void => {
    const client = this.#client;
    if (client === undefined) {
      if (this.#ahead === undefined) this.#next(chunk);
      else this.#keep(chunk);
      return;
    }
    if (client.complete) client.sendsAhead();
    const rest = client.complete ? chunk : client.more(chunk);
    if (rest === undefined) return;
    // The last piece of the body may have ended the exchange.
    if (this.#client === undefined && this.#ahead === undefined) this.#next(rest);
    else this.#keep(rest);
  };

  #keep(bytes: Buffer): void {
    this.#ahead = this.#ahead === undefined ? bytes : Buffer.concat([this.#ahead, bytes]);
    if (this.#ahead.length > MOST_AHEAD) this.socket.pause();
  }

  /** Serves a request, or hands it over with all that follows. */
  #next(bytes: Buffer): void {
    const head = this.closing ? undefined : readPlainHead(bytes);
    if (head === undefined || isInternalPath(head.target)) {
      this.#handOver(bytes);
      return;
    }
    if (this.socket.timeout) this.socket.setTimeout(0);
    const end = head.end + (head.length ?? 0);
    const client = new FastClient(this, head, bytes.subarray(head.end, end));
    this.#client = client;
    // Who sends several at once is served one after the other: an answer that waits for others would hold its connection
    // to Elasticsearch.
    if (bytes.length > end) this.#keep(bytes.subarray(end));
    this.#path.serve(client);
  }

  #handOver(bytes: Buffer): void {
    this.socket
      .off('data', this.#onData)
      .off('drain', this.#onDrain)
      .off('end', this.#onEnd)
      .off('error', nothing)
      .off('close', this.#onClose)
      .off('timeout', this.#onSilence)
      .setTimeout(0);
    this.#path.handOver(this, bytes);
  }

  readonly #onDrain = (): void => this.#client?.drained();

  /** As node:http: who sends no more is gone; who ends in the midst of a body is told. */
  readonly #onEnd = (): void => {
    const client = this.#client;
    if (client === undefined || client.complete || client.status !== 0) this.socket.end();
    else {
      const code = 'HPE_INVALID_EOF_STATE';
      answerMalformed(this.socket, Object.assign(new Error('Parse Error: Invalid EOF state'), { code }));
    }
  };

  readonly #onSilence = (): void => {
    if (this.#client !== undefined) {
      this.#client.silent();
      return;
    }
    const code = 'ERR_HTTP_REQUEST_TIMEOUT';
    answerMalformed(this.socket, Object.assign(new Error('Request timeout'), { code }));
  };

  readonly #onClose = (): void => {
    this.#path.gone(this);
    this.#client?.gone();
  };
}

function nothing(): void {
  // An error is followed by `close`, which says all there is to say.
}
