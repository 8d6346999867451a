import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests may wait on one connection behind the one that is served. */
const MOST_WAITING = 64;

interface Waiting {
  readonly response: ServerResponse;
  readonly serve: () => void;
}

/**
 * Serves the requests of one connection one after the other. Node reads a client that sends several at once ahead, and
 * would have them all served at once: each would take a place at Elasticsearch, and hold it with an answer that can't
 * leave before those in front of it.
 */
export class Turns {
  readonly #idle: (socket: Socket) => void;
  readonly #waiting = new WeakMap<Socket, Waiting[]>();

  /** @param idle told of each connection on which a request was served and none waits */
  constructor(idle: (socket: Socket) => void) {
    this.#idle = idle;
  }

  /** Whether a request is being served on this connection. */
  has(socket: Socket): boolean {
    return this.#waiting.has(socket);
  }

  /** @param serve called when it is this request's turn; never where its connection ends before. More than may wait are cut off. */
  take({ socket }: IncomingMessage, response: ServerResponse, serve: () => void): void {
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) {
      this.#waiting.set(socket, []);
      this.#begin(socket, response, serve);
    } else if (waiting.length < MOST_WAITING) waiting.push({ response, serve });
    else socket.destroy();
  }

  #begin(socket: Socket, response: ServerResponse, serve: () => void): void {
    response.once('close', () => this.#next(socket));
    serve();
  }

  #next(socket: Socket): void {
    const next = this.#waiting.get(socket)?.shift();
    // After an answer that was the last one Node gives the connection to no other.
    if (next?.response.socket === socket) this.#begin(socket, next.response, next.serve);
    else {
      this.#waiting.delete(socket);
      this.#idle(socket);
    }
  }
}
