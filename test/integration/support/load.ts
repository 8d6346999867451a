import { Agent, request } from 'node:http';

/** What became of one request: its answer, or why there was none. */
export interface Outcome {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string;
  /** Code of the failure of a connection: ECONNRESET, … */
  readonly broken?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Posts once; a broken connection is an outcome too. A request without an end is none: it rejects. */
export function post(
  agent: Agent,
  url: string,
  body: string,
  type = 'application/json',
  hangMs = 120_000,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers });
    const hang = setTimeout(() => {
      reject(new Error(`no answer and no end within ${hangMs} ms: ${url} ${body.slice(0, 100)}`));
      asked.destroy();
    }, hangMs);
    const settle = (outcome: Omit<Outcome, 'at'>): void => {
      clearTimeout(hang);
      resolve({ ...outcome, at: Date.now() });
    };
    const broken = (error: NodeJS.ErrnoException): void => settle({ broken: error.code ?? error.message });
    asked.on('error', broken).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', broken).on('end', () => {
        settle({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.end(body);
  });
}

/** Clients that post one after the other, each on a connection of its own, until they are told to stop. */
export class Load {
  readonly outcomes: Outcome[] = [];
  readonly #agents: Agent[] = [];
  readonly #clients: Promise<void>[];
  #stopped = false;

  /** @param make the next request: its URL and body */
  constructor(clients: number, make: () => { url: string; body: string }) {
    this.#clients = Array.from({ length: clients }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      this.#agents.push(agent);
      while (!this.#stopped) {
        const { url, body } = make();
        const outcome = await post(agent, url, body);
        this.outcomes.push(outcome);
        // Who lost its connection comes again a moment later, as applications do.
        if (outcome.broken !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  }

  async stop(): Promise<readonly Outcome[]> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    for (const agent of this.#agents) agent.destroy();
    return this.outcomes;
  }
}
