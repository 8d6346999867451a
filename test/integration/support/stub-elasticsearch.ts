import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers searches with seven hits, looks of mappings with keywords, and remembers what it was asked. */
export interface StubElasticsearch {
  readonly url: string;
  readonly asked: { method: string; target: string; body: string }[];
  /** Answers the searches of `/slow` that wait. */
  release(): void;
  close(): Promise<void>;
}

export async function startStub(): Promise<StubElasticsearch> {
  const asked: StubElasticsearch['asked'] = [];
  const waiting: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: target = '' } = request;
    asked.push({ method, target, body: await bodyOf(request) });
    if (target.includes('/_mapping/')) return answer(response, {});
    if (target.startsWith('/slow/')) await new Promise<void>((resolve) => waiting.push(resolve));
    answer(response, { took: 3, timed_out: false, hits: { total: { value: 7, relation: 'eq' }, hits: [] } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    release: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function answer(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-elastic-product', 'Elasticsearch');
  response.end(JSON.stringify(value));
}
