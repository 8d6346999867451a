import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import type { RewriterSource } from '../../../src/proxy/rewriters.js';
import { ProxyServer } from '../../../src/proxy/server.js';
import { mergeMsearch } from '../../../src/query/msearch.js';
import type { Observer, RequestRecord } from '../../../src/stats/record.js';
import { FakeRewriter } from './fake-rewriter.js';
import { StubUpstream } from './upstream.js';

export interface TestProxy {
  readonly server: ProxyServer;
  readonly port: number;
  readonly url: string;
  /** What the observer was told. */
  readonly records: RequestRecord[];
  close(): Promise<void>;
}

export interface Changes {
  nodes?: URL[];
  upstream?: Partial<ProxyOptions['upstream']>;
  limits?: Partial<ProxyOptions['limits']>;
  tls?: ProxyOptions['tls'];
  fastPath?: boolean;
  rewriters?: RewriterSource;
  /** In place of the one that keeps the records. */
  observer?: Observer;
  observerFailed?: (error: unknown) => void;
  internal?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Whether the tests run on the fast path, or by node:http alone: each is a Jest project. */
const { fastPath } = globalThis as { fastPath?: boolean };

/** A proxy on a free port in front of `nodes`, with a rewriter that a test can see through. */
export async function startProxy(changes: Changes): Promise<TestProxy> {
  const records: RequestRecord[] = [];
  const server = new ProxyServer(
    {
      nodes: changes.nodes ?? [],
      host: '127.0.0.1',
      port: 0,
      fastPath: changes.fastPath ?? fastPath,
      tls: changes.tls,
      upstream: { timeoutMs: 0, connections: 16, ...changes.upstream },
      limits: { inFlight: 1024, bodyBytes: 104_857_600, bufferedBytes: 536_870_912, ...changes.limits },
    },
    {
      rewriters: changes.rewriters ?? { current: new FakeRewriter(), kept: () => undefined },
      observer: changes.observer ?? { request: (record) => records.push(record) },
      observerFailed: changes.observerFailed,
      internal: changes.internal ?? ((_request, response) => response.end('internal')),
      mergeMsearch,
    },
  );
  const { port } = await server.listen();
  return { server, port, url: `http://127.0.0.1:${port}`, records, close: () => server.close({ graceMs: 0 }) };
}

/** Stub and proxy together, closed after each test of the file. */
export function proxyWithStub(changes: Omit<Changes, 'nodes'> = {}): {
  proxy: TestProxy;
  stub: StubUpstream;
} {
  const pair = {} as { proxy: TestProxy; stub: StubUpstream };
  beforeEach(async () => {
    pair.stub = await new StubUpstream().listen();
    pair.proxy = await startProxy({ ...changes, nodes: [pair.stub.url] });
  });
  afterEach(async () => {
    await pair.proxy.close();
    await pair.stub.close();
  });
  return pair;
}

/** What has not come by then hangs, in ms. A machine may be busy, but no test waits for less than this to pass by. */
export const HANGS_MS = 60_000;

/** A client on a bare socket. */
export class RawClient {
  readonly socket: Socket;
  /** All bytes that came. */
  bytes: Buffer = Buffer.alloc(0);
  readonly closed: Promise<void>;
  #waiting: (() => void)[] = [];

  constructor(port: number) {
    const wake = (): void => {
      for (const look of this.#waiting.splice(0)) look();
    };
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('data', (chunk) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      wake();
    });
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    // A connection that is cut shows in `closed`.
    this.socket.on('error', wake);
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes as string, 'latin1');
    return this;
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** Resolves when what came matches. */
  async until(pattern: RegExp): Promise<string> {
    await this.#came(() => pattern.test(this.text), String(pattern));
    return this.text;
  }

  /** Resolves with the whole text when the answer has as many body bytes as its Content-Length says. */
  async answer(): Promise<{ head: string; body: string }> {
    const text = await this.until(/\r\n\r\n/);
    const end = text.indexOf('\r\n\r\n') + 4;
    const head = text.slice(0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    await this.#came(() => this.bytes.length >= end + length, `a body of ${length} bytes`);
    return { head, body: this.text.slice(end, end + length) };
  }

  close(): void {
    this.socket.destroy();
  }

  /** Looks whenever something comes. A thousand clients that looked by the clock would keep the proxy from its work. */
  async #came(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    let hangs = false;
    const timer = setTimeout(() => {
      hangs = true;
      for (const look of this.#waiting.splice(0)) look();
    }, HANGS_MS);
    while (!condition() && !hangs) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    clearTimeout(timer);
    if (!condition()) throw new Error(`no ${what} within ${HANGS_MS} ms, but: ${this.text.slice(0, 500)}`);
  }
}

/** Sends one request on a connection of its own, and waits for the answer's body by its length. */
export async function exchange(port: number, bytes: string | Buffer): Promise<{ head: string; body: string }> {
  const client = new RawClient(port);
  try {
    return await client.send(bytes).answer();
  } finally {
    client.close();
  }
}

/** Does `step` again and again until `condition` holds; rejects after `ms`. */
export async function until(condition: () => boolean, step: () => Promise<unknown>, ms = HANGS_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await step();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Resolves once `condition` holds; rejects after `ms`. */
export async function eventually(condition: () => boolean, ms = HANGS_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
