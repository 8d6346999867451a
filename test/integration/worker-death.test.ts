/** What is lost when a process of the proxy dies or is ended: what that process had under way, and nothing else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { post } from './support/load.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';
import { isAlive, portsOf, workersOf } from './support/workers.js';

const REQUESTS = 24;

let folder: string;
let stub: RecordingElasticsearch;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let agents: Agent[];

const start = async (shutdown = '{}') => {
  const config = `indices: { "slow": { units: territories } }\nhistory: off\nshutdown: ${shutdown}\n`;
  await writeFile(join(folder, 'config.yaml'), config);
  proxy = await startProxy({
    ELASTICSEARCH_URL: stub.url,
    TERRITORY_TREE: join(folder, 'map.tree'),
    TERRITORY_CONFIG: join(folder, 'config.yaml'),
    WORKERS: '3',
    TMPDIR: folder,
  });
  await until(() => workersOf(proxy).length === 3);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-death-'));
  stub = await startRecording();
  agents = [];
  await smallTree().save(join(folder, 'map.tree'));
});

afterEach(async () => {
  proxy.child.kill('SIGKILL');
  await proxy.ended;
  for (const agent of agents) agent.destroy();
  await stub.close();
  await rm(folder, { recursive: true });
});

const search = (n: number) => {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return post(agent, `${proxy.url}/slow/_search?n=${n}`, '{"query":{"term":{"territory":"DEP:69"}}}');
};

/** Sends requests that wait at Elasticsearch, each on a connection of its own; how each ends, in the order of their numbers. */
const waiting = async () => {
  const outcomes = Array.from({ length: REQUESTS }, (_, n) => search(n));
  await until(() => stub.asked.length === REQUESTS);
  return outcomes;
};

/** The numbers of the requests that a worker has under way: those that came to Elasticsearch from it. */
const under = (pid: number) => {
  const ports = portsOf(pid);
  return stub.asked.filter(({ port }) => ports.has(port)).map(({ target }) => Number(/n=(\d+)/.exec(target)?.[1]));
};

it('loses of a dead worker what it had under way, each with a reset, and no request of another', async () => {
  await start();
  const outcomes = await waiting();
  const [victim = 0, ...others] = workersOf(proxy);
  const lost = under(victim);
  expect(lost.length).toBeGreaterThan(0);
  expect([...lost, ...others.flatMap(under)].sort((a, b) => a - b)).toEqual(outcomes.map((_, n) => n));
  process.kill(victim, 'SIGKILL');
  // Those who lost theirs are told at once, while the others still wait.
  const resets = await Promise.all(lost.map((n) => outcomes[n]));
  expect(new Set(resets.map((outcome) => outcome?.broken))).toEqual(new Set(['ECONNRESET']));
  await until(() => workersOf(proxy).length === 3);
  stub.release();
  const kept = await Promise.all(outcomes.filter((_, n) => !lost.includes(n)));
  expect(kept.map(({ status }) => status)).toEqual(Array(REQUESTS - lost.length).fill(200));
  // A search of a dead worker was not sent again behind the client's back.
  expect(stub.asked).toHaveLength(REQUESTS);
});

it('cuts off what is still under way at the end of the grace, and ends', async () => {
  await start('{ graceMs: 2000 }');
  const outcomes = await waiting();
  const workers = workersOf(proxy);
  const told = performance.now();
  proxy.child.kill('SIGTERM');
  const ends = await Promise.all(outcomes);
  expect(new Set(ends.map(({ broken }) => broken))).toEqual(new Set(['ECONNRESET']));
  expect(await proxy.ended).toBe(0);
  expect(performance.now() - told).toBeGreaterThan(1900);
  expect(workers.filter(isAlive)).toEqual([]);
});

it('ends all workers with the primary, whatever they have under way', async () => {
  await start();
  const outcomes = await waiting();
  const workers = workersOf(proxy);
  proxy.child.kill('SIGKILL');
  const ends = await Promise.all(outcomes);
  expect(new Set(ends.map(({ broken }) => broken))).toEqual(new Set(['ECONNRESET']));
  await until(() => !workers.some(isAlive));
});
