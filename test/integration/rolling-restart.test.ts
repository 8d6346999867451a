/** What a balancer's clients see of a proxy that is ended under load: no request fails that was taken. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load, type Outcome } from './support/load.js';
import { startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

it.each(['1', '2'])('breaks no connection when it ends after a notice, with WORKERS=%s', async (workers) => {
  const folder = await mkdtemp(join(tmpdir(), 'territory-restart-'));
  const stub = await startRecording();
  const config =
    'indices: { "articles*": { units: territories } }\nhistory: off\nshutdown: { noticeMs: 8000, graceMs: 3600000 }\n';
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
    // It serves on during the notice, and says that each connection ends.
    const closes = ({ headers }: Outcome) => headers?.connection === 'close';
    await until(() => load.outcomes.some(closes));
    // By then every process was told; a balancer that asks `readyz` notices, and sends its requests elsewhere.
    await answered(24);
    await until(() => load.outcomes.slice(-10).every(closes));
    const outcomes = await load.stop();
    expect(new Set(outcomes.map(({ status, broken }) => status ?? broken))).toEqual(new Set([200]));
    expect(outcomes.slice(-10).every(closes)).toBe(true);
    // And then it ends: not one client goes on, so it need not wait for the end of the grace, which never comes here.
    expect(await proxy.ended).toBe(0);
  } finally {
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    await stub.close();
    await rm(folder, { recursive: true });
  }
});
