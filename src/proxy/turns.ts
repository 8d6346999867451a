import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Where so many requests wait on one connection behind the one that is served, no more is read of it. */
const MOST_AHEAD = 64;

/**
 * How many may wait on all connections together. What was read already is parsed whatever comes of it, thousands of
 * small requests at a time: a connection on which more than `MOST_AHEAD` wait is cut off where there are more than that.
 */
const MOST_WAITING = 8192;

interface Waiting {
  readonly response: ServerResponse;
  readonly serve: () => void;
}

interface Line {
  /** The requests of one connection that wait. */
  readonly waiting: Waiting[];
  /** The one that came last. */
  last: IncomingMessage;
  /** Whether the connection is left unread: for their number, or for what came behind them. */
  heldBack: boolean;
  /** What is told behind them of what came after them, and was no request. */
  malformed: (() => void) | undefined;
}

/**
 * Serves the requests of one connection one after the other. Node reads a client that sends several at once ahead, and
 * would have them all served at once: each would take a place at Elasticsearch, and hold it with an answer that can't
 * leave before those in front of it.
 */
export class Turns {
  readonly #idle: (socket: Socket) => void;
  readonly #lines = new WeakMap<Socket, Line>();
  /** How many wait on all connections. */
  #waiting = 0;

  /** @param idle told of each connection on which a request was served and none waits */
  constructor(idle: (socket: Socket) => void) {
    this.#idle = idle;
  }

  /** Whether a request is being served on this connection. */
  has(socket: Socket): boolean {
    return this.#lines.has(socket);
  }

  /** @param serve called when it is this request's turn; never where its connection ends before */
  take(request: IncomingMessage, response: ServerResponse, serve: () => void): void {
    const { socket } = request;
    const line = this.#lines.get(socket);
    if (line !== undefined) line.last = request;
    if (line === undefined) {
      this.#lines.set(socket, { waiting: [], last: request, heldBack: false, malformed: undefined });
      this.#begin(socket, response, serve);
    } else if (line.waiting.length < MOST_AHEAD || this.#waiting < MOST_WAITING) {
      line.waiting.push({ response, serve });
      this.#waiting += 1;
      if (line.waiting.length >= MOST_AHEAD && !line.heldBack) holdBack(socket, line);
    } else socket.destroy();
  }

  /**
   * What came on a connection is no request. Those that came whole before it are answered first: they may have been
   * carried out.
   * @param tell says so to the client, and ends the connection
   */
  malformed(socket: Socket, tell: () => void): void {
    const line = this.#lines.get(socket);
    const isServed = line?.waiting.length === 0;
    if (line === undefined || (isServed && !line.last.complete)) {
      tell();
      return;
    }
    // It goes on sending.
    if (line.malformed !== undefined) return;
    // Its own end is what could not be read.
    if (!isServed && !line.last.complete) {
      line.waiting.pop();
      this.#waiting -= 1;
    }
    line.malformed = tell;
    // Nothing that comes now is worth a look; and to the time that it may take no answer it would be a sign of life.
    if (!line.heldBack) holdBack(socket, line);
  }

  #begin(socket: Socket, response: ServerResponse, serve: () => void): void {
    response.once('close', () => this.#next(socket));
    serve();
  }

  #next(socket: Socket): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    const next = line.waiting.shift();
    // After an answer that was the last one Node gives the connection to no other.
    if (next?.response.socket === socket) {
      this.#waiting -= 1;
      if (line.heldBack && line.malformed === undefined && line.waiting.length < MOST_AHEAD) {
        line.heldBack = false;
        socket.resume();
      }
      this.#begin(socket, next.response, next.serve);
    } else {
      this.#waiting -= line.waiting.length + (next === undefined ? 0 : 1);
      this.#lines.delete(socket);
      if (socket.writable) line.malformed?.();
      this.#idle(socket);
    }
  }
}

/** Leaves a connection unread. Node reads on for reasons of its own, such as the body of the request that is served. */
function holdBack(socket: Socket, line: Line): void {
  line.heldBack = true;
  socket.pause();
  const again = (): void => {
    if (line.heldBack) socket.pause();
    else socket.off('resume', again);
  };
  socket.on('resume', again);
}
