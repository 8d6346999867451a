/** What a balancer's clients see of a proxy that is ended under load: no request fails that was taken. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load } from './support/load.js';
import { startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy } from './support/territory-proxy.js';

it.each(['1', '2'])(
  'breaks no connection when it ends after a notice, with WORKERS=%s',
  async (workers) => {
    const folder = await mkdtemp(join(tmpdir(), 'territory-restart-'));
    const stub = await startRecording();
    const config =
      'indices: { "articles*": { units: territories } }\nhistory: off\nshutdown: { noticeMs: 6000, graceMs: 20000 }\n';
    await writeFile(join(folder, 'config.yaml'), config);
    await smallTree().save(join(folder, 'map.tree'));
    const proxy = await startProxy({
      ELASTICSEARCH_URL: stub.url,
      TERRITORY_TREE: join(folder, 'map.tree'),
      TERRITORY_CONFIG: join(folder, 'config.yaml'),
      WORKERS: workers,
      TMPDIR: folder,
    });
    try {
      const bodies = ['{"query":{"term":{"territory":"DEP:69"}}}', '{"query":{"match_all":{}}}'];
      let n = 0;
      const load = new Load(12, () => ({ url: `${proxy.url}/articles/_search`, body: bodies[n++ % 2] as string }));
      const answered = async (count: number): Promise<void> => {
        const from = load.outcomes.length;
        while (load.outcomes.length < from + count) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      await answered(200);
      proxy.child.kill('SIGTERM');
      const told = Date.now();
      // A balancer that asks `readyz` has noticed by then, and sends its requests elsewhere.
      await answered(60);
      const outcomes = await load.stop();
      const code = await proxy.ended;
      const during = outcomes.filter(({ at, status }) => at > told && status !== undefined);
      // It served on during the notice, and said that each connection ends.
      expect(during.length).toBeGreaterThanOrEqual(36);
      expect(during.slice(-10).map(({ headers }) => headers?.connection)).toEqual(Array(10).fill('close'));
      expect(new Set(outcomes.map(({ status, broken }) => status ?? broken))).toEqual(new Set([200]));
      // And then it ended, though no client went on.
      expect(Date.now() - told).toBeLessThan(20_000);
      expect(code).toBe(0);
    } finally {
      proxy.child.kill('SIGKILL');
      await proxy.ended;
      await stub.close();
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);
