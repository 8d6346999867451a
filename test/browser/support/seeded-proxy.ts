import { randomInt } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy } from '../../integration/support/territory-proxy.js';
import { startElasticsearch } from './elasticsearch.js';
import { eventually } from './patience.js';

/** How long its requests under way may take when it ends. */
export const GRACE_MS = 240_000;

/** A real proxy process, with traffic. */
export interface TestedProxy {
  /** Of the proxy: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The folder of its snapshot, `france.tree`. */
  readonly folder: string;
  /** Sends one search for a territory; resolves with the status. */
  search(expression: string): Promise<number>;
  /** Ends it with SIGTERM; resolves with the milliseconds that it took. */
  stop(): Promise<number>;
  /** Starts it again, on its port and with its history, after `stop`. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export interface TestedProxyOptions {
  readonly environment?: Record<string, string>;
  /** Whether the seeded history lies beside the snapshot. */
  readonly seeded?: boolean;
  /** Whether the seeded history has its fault. */
  readonly fault?: boolean;
  /** Snapshot in place of the tree of France. */
  readonly snapshot?: Buffer;
}

/** Starts it, and waits until its history can be read: before that the first pages would tell of what is missing. */
export async function startTestedProxy({
  environment = {},
  seeded = true,
  fault = true,
  snapshot,
}: TestedProxyOptions = {}): Promise<TestedProxy> {
  const made = process.env.TEST_SEEDED_TREE;
  if (!made) throw new Error('No tree of France: run this test with `node scripts/jest.mjs browser`.');
  const folder = await mkdtemp(join(tmpdir(), 'territory-proxy-browser-'));
  const [file, config] = [join(folder, 'france.tree'), join(folder, 'proxy.yaml')];
  if (snapshot === undefined) await cp(made, file);
  else await writeFile(file, snapshot);
  if (seeded) await cp(`${made}.${fault ? 'history' : 'quiet'}`, `${file}.history`, { recursive: true });
  await writeFile(
    config,
    `indices: { "articles*": { units: territories, ancestors: territory_path } }
history: { writeEveryMs: 500 }
shutdown: { graceMs: ${GRACE_MS} }
`,
  );
  const elasticsearch = await startElasticsearch();
  const settings = {
    ELASTICSEARCH_URL: elasticsearch.url,
    TERRITORY_TREE: file,
    TERRITORY_CONFIG: config,
    LOG_LEVEL: 'warn',
    ...environment,
  };
  let proxy = await startOnOwnPort(settings);
  await eventually(async () => (await fetch(`${proxy.url}/_territory/trees`)).ok);
  const stop = async () => {
    const started = Date.now();
    proxy.child.kill('SIGTERM');
    await proxy.ended;
    return Date.now() - started;
  };
  return {
    url: proxy.url,
    folder,
    stop,
    async start() {
      proxy = await startProxy({ ...settings, PORT: new URL(proxy.url).port });
    },
    async search(expression) {
      const response = await fetch(`${proxy.url}/articles/_search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: { territory: expression } }),
      });
      await response.text();
      return response.status;
    },
    async remove() {
      await stop();
      await elasticsearch.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * On a port that no system gives away by itself, as this one does with those above: nobody takes it while the proxy is
 * stopped for a moment.
 */
async function startOnOwnPort(settings: Record<string, string>): ReturnType<typeof startProxy> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startProxy({ ...settings, PORT: String(randomInt(20_000, 30_000)) });
    } catch (error) {
      if (attempt === 20 || !(error as Error).message.includes('EADDRINUSE')) throw error;
    }
  }
}
