import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordingElasticsearch, startRecording } from './recording-elasticsearch.js';
import { smallTree } from './small-tree.js';
import { startProxy } from './territory-proxy.js';

export type Running = Awaited<ReturnType<typeof startProxy>>;

/** A folder with a small tree (`map.tree`) and a configuration, an Elasticsearch that records, and proxies before it. */
export interface Scene {
  readonly folder: string;
  readonly stub: RecordingElasticsearch;
  /** What each proxy is started with. */
  readonly environment: Record<string, string>;
  /** @param node another Node than the test's */
  start(changes?: Record<string, string>, node?: string): Promise<Running>;
  /** Kills what runs, and removes the folder. */
  remove(): Promise<void>;
}

/** @param more environment beside the addresses */
export async function makeScene(config: string, more: Record<string, string> = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'territory-scene-'));
  const [tree, file] = [join(folder, 'map.tree'), join(folder, 'config.yaml')];
  await Promise.all([writeFile(file, config), smallTree().save(tree)]);
  const stub = await startRecording();
  const environment = {
    ELASTICSEARCH_URL: stub.url,
    TERRITORY_TREE: tree,
    TERRITORY_CONFIG: file,
    TMPDIR: folder,
    ...more,
  };
  const proxies: Running[] = [];
  return {
    folder,
    stub,
    environment,
    async start(changes = {}, node) {
      const proxy = await startProxy({ ...environment, ...changes }, [], node);
      proxies.push(proxy);
      return proxy;
    },
    async remove() {
      for (const { child, ended } of proxies) {
        child.kill('SIGKILL');
        await ended;
      }
      await stub.close();
      await rm(folder, { recursive: true });
    },
  };
}
