import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** One request as the stub upstream got it. */
export interface ReceivedRequest {
  /** Request line and headers, as they came. */
  readonly head: string;
  /** The body as it came, chunk frames included. */
  readonly body: Buffer;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

export type Responder = (request: ReceivedRequest, socket: Socket) => string | Buffer | undefined;

/** The plain answer of a stub. */
export function answer(body: string | Buffer, head = 'content-type: application/json\r\n', status = '200 OK'): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status}\r\nX-elastic-product: Elasticsearch\r\n${head}content-length: ${bytes.length}\r\n\r\n`,
      'latin1',
    ),
    bytes,
  ]);
}

/**
 * A stand-in for Elasticsearch on bare sockets: keeps the bytes of each request, and sends back exactly the bytes it is
 * told. A responder that returns `undefined` answers by itself on the socket, or not at all.
 */
export class StubUpstream {
  readonly requests: ReceivedRequest[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  /** Connections that were closed. */
  closed = 0;
  respond: Responder;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor(respond: Responder = () => answer('{}')) {
    this.respond = respond;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** @param port where another one listened before: meanwhile some other test may have it, which gives it back */
  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.on('error', (error) => {
        if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        setTimeout(() => this.#server.listen(port, '127.0.0.1'), 50);
      });
      this.#server.once('listening', resolve).listen(port, '127.0.0.1');
    });
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}`);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when so many requests have come whole. */
  async received(count: number): Promise<ReceivedRequest[]> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.requests;
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    const connection = this.connections;
    let bytes = Buffer.alloc(0);
    this.sockets.add(socket);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.closed += 1;
    });
    // A test that kills connections gets resets on both sides.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      for (let end = requestEnd(bytes); end !== undefined; end = requestEnd(bytes)) {
        const head = bytes.toString('latin1', 0, end.head);
        const request = { head, body: Buffer.from(bytes.subarray(end.head, end.body)), connection };
        bytes = bytes.subarray(end.body);
        this.requests.push(request);
        for (const wake of this.#waiting.splice(0)) wake();
        const reply = this.respond(request, socket);
        if (reply !== undefined) socket.write(reply);
      }
    });
  }
}

/** Where head and body of the first request end, once both are there. */
function requestEnd(bytes: Buffer): { head: number; body: number } | undefined {
  const blank = bytes.indexOf('\r\n\r\n');
  if (blank < 0) return undefined;
  const head = blank + 4;
  const text = bytes.toString('latin1', 0, head);
  if (/^transfer-encoding:.*chunked/im.test(text)) {
    const last = bytes.indexOf('0\r\n\r\n', head);
    return last < 0 ? undefined : { head, body: last + 5 };
  }
  const body = head + Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
  return bytes.length < body ? undefined : { head, body };
}

/** A port on which nothing listens, nor any other test ever will: it is none of those that the system gives. */
export const CLOSED_PORT = 1;
