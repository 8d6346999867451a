import { Agent, request } from 'undici';
import { toProxyOptions } from '../config/options.js';
import type { Config } from '../config/schema.js';
import { ownAuthorization } from '../proxy/credentials.js';
import type { Ask } from './check-index.js';

/** Asks Elasticsearch with the proxy's own credentials: the nodes in their order until one can be reached. */
export class AskElasticsearch {
  readonly #agent: Agent;
  readonly #origins: readonly string[];
  readonly #authorization: string | undefined;

  /** @param timeoutMs longest wait for an answer */
  constructor(config: Config, timeoutMs: number) {
    const { nodes, upstream } = toProxyOptions(config);
    this.#agent = new Agent({ connect: upstream.tls, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
    this.#origins = nodes.map(({ origin }) => origin);
    this.#authorization = ownAuthorization(upstream.auth, nodes);
  }

  /** Throws where the answer is not 200 with JSON. */
  readonly ask: Ask = async (method, path, body) => {
    let failure: unknown;
    for (const origin of this.#origins) {
      const answer = await this.#request(`${origin}${path}`, method, body).catch((error: unknown) => {
        failure = error;
      });
      if (answer === undefined) continue;
      const text = await answer.body.text();
      if (answer.statusCode === 200) return JSON.parse(text);
      throw new Error(`Elasticsearch answered ${answer.statusCode} to ${method} ${path}: ${text.slice(0, 500)}`);
    }
    throw failure;
  };

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #request(url: string, method: 'GET' | 'POST', body: object | undefined) {
    return request(url, {
      dispatcher: this.#agent,
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  }
}
