import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Family, readExposition } from './support/exposition.js';
import { post } from './support/load.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';
import { workersOf } from './support/workers.js';

/** Names of the contract, each with its type and its labels. */
const CONTRACT: Readonly<Record<string, readonly [type: string, ...labels: string[]]>> = {
  territory_requests_total: ['counter', 'endpoint', 'outcome'],
  territory_rewritten_requests_total: ['counter', 'endpoint'],
  territory_errors_total: ['counter', 'type'],
  territory_rewrite_seconds: ['histogram', 'le'],
  territory_upstream_seconds: ['histogram', 'le'],
  territory_expansion_terms: ['histogram', 'le'],
  territory_cache_hits_total: ['counter'],
  territory_cache_misses_total: ['counter'],
  territory_cache_evictions_total: ['counter'],
  territory_cache_entries: ['gauge'],
  territory_cache_bytes: ['gauge'],
  territory_in_flight: ['gauge'],
  territory_tree_info: ['gauge', 'version'],
  territory_tree_units: ['gauge'],
  territory_tree_loaded_timestamp_seconds: ['gauge'],
  territory_build_info: ['gauge', 'node_version', 'version'],
};
const OF_WORKERS = {
  territory_workers: ['gauge'],
  territory_worker_deaths_total: ['counter'],
  territory_worker_start_failures_total: ['counter'],
} as const;

let folder: string;
let elasticsearch: RecordingElasticsearch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-metrics-'));
  elasticsearch = await startRecording();
  await smallTree().save(join(folder, 'map.tree'));
  const indices = { 'articles*': { units: 'territories', ancestors: 'path' } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ indices, history: 'off' }));
});
afterAll(async () => {
  await elasticsearch.close();
  await rm(folder, { recursive: true });
});

describe.each([1, 2])('the metrics of a proxy with WORKERS=%i', (workers) => {
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let began: number;

  beforeAll(async () => {
    began = Date.now() / 1000;
    proxy = await startProxy({
      ELASTICSEARCH_URL: elasticsearch.url,
      TERRITORY_TREE: join(folder, 'map.tree'),
      TERRITORY_CONFIG: join(folder, 'config.json'),
      WORKERS: String(workers),
    });
    if (workers > 1) await until(() => workersOf(proxy).length === workers);
    // On one connection for each worker, which they take in turn: so each gets its share of every kind.
    const agents = Array.from({ length: workers }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    let n = 0;
    const send = async (path: string, query: object, status = 200) => {
      const agent = agents[n++ % workers]!;
      expect((await post(agent, `${proxy.url}/${path}`, JSON.stringify({ query }))).status).toBe(status);
    };
    const search = (index: string, query: object, status?: number) => send(`${index}/_search`, query, status);
    await Promise.all([
      ...Array.from({ length: 20 }, () => search('articles', { term: { territory: 'DEP:69' } })),
      ...Array.from({ length: 10 }, () => search('articles', { term: { territory: 'COM:69123' } })),
      ...Array.from({ length: 7 }, () => search('articles', { term: { territory: 'COM:99999' } }, 400)),
      ...Array.from({ length: 5 }, () => search('articles', { match_all: {} })),
      ...Array.from({ length: 3 }, () => search('others', { match_all: {} })),
    ]);
    await send('articles/_count', { term: { territory: 'DEP:69' } });
    for (const agent of agents) agent.destroy();
  });
  afterAll(async () => {
    proxy.child.kill('SIGTERM');
    await proxy.ended;
  });

  async function scrape(): Promise<Map<string, Family>> {
    const answer = await fetch(`${proxy.url}/_territory/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8$/);
    return readExposition(await answer.text());
  }
  /** The sum of the samples that have these labels. */
  const sumOf = (families: Map<string, Family>, name: string, labels: Record<string, string> = {}) => {
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
    const samples = family?.samples.filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
    return samples?.reduce((sum, { value }) => sum + value, 0);
  };

  it('are those of the contract, each with its help, its type and its labels, and none besides', async () => {
    const families = await scrape();
    const expected = { ...CONTRACT, ...(workers > 1 ? OF_WORKERS : {}) };
    const found = [...families].map(([name, { help, type, samples }]) => {
      expect(help).toMatch(/^[A-Z].*\.$/);
      const labels = [...new Set(samples.flatMap((sample) => Object.keys(sample.labels)))].sort();
      return [name, [type, ...labels]];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('add up to what was sent, whichever worker took it, and to the same when scraped again', async () => {
    for (let again = 0; again < 2; again++) {
      const families = await scrape();
      const sum = (name: string, labels?: Record<string, string>) => sumOf(families, name, labels);
      expect(sum('territory_requests_total')).toBe(46);
      expect(sum('territory_requests_total', { outcome: 'rewritten' })).toBe(31);
      expect(sum('territory_requests_total', { endpoint: 'search', outcome: 'rewritten' })).toBe(30);
      expect(sum('territory_requests_total', { endpoint: 'search', outcome: 'refused' })).toBe(7);
      expect(sum('territory_requests_total', { endpoint: 'search', outcome: 'passed' })).toBe(8);
      expect(sum('territory_rewritten_requests_total', { endpoint: 'count' })).toBe(1);
      expect(sum('territory_rewritten_requests_total')).toBe(31);
      expect(sum('territory_errors_total')).toBe(7);
      expect(sum('territory_errors_total', { type: 'unknown_unit_exception' })).toBe(7);
      expect(sum('territory_expansion_terms_count')).toBe(31);
      expect(sum('territory_upstream_seconds_count')).toBe(39);
      expect(sum('territory_rewrite_seconds_count')).toBe(31);
      expect(sum('territory_upstream_seconds_sum')).toBeGreaterThan(0);
      const misses = sum('territory_cache_misses_total')!;
      expect(sum('territory_cache_hits_total')! + misses).toBe(31);
      // Each worker has a cache of its own, of two expansions.
      expect(misses).toBe(2 * workers);
      // One for what was written, and one for what it becomes.
      expect(sum('territory_cache_entries')).toBe(2 * misses);
      expect(sum('territory_in_flight')).toBe(0);
      // What is the same in each process is no sum.
      expect(families.get('territory_tree_info')?.samples).toEqual([
        { name: 'territory_tree_info', labels: { version: smallTree().version }, value: 1 },
      ]);
      expect(sum('territory_tree_units')).toBe(smallTree().unitCount);
      expect(sum('territory_build_info', { node_version: process.version })).toBe(1);
      const loaded = sum('territory_tree_loaded_timestamp_seconds')!;
      expect(loaded).toBeGreaterThanOrEqual(began - 1);
      expect(loaded).toBeLessThanOrEqual(Date.now() / 1000);
      if (workers > 1) expect(sum('territory_workers')).toBe(workers);
    }
  });
});

it.each([
  ['a sample without a type', 'a 1\n'],
  ['a type without help', '# TYPE a counter\na 1\n'],
  ['a sample twice', '# HELP a b.\n# TYPE a counter\na{x="1"} 1\na{x="1"} 2\n'],
  ['a label that is not escaped', '# HELP a b.\n# TYPE a counter\na{x="""} 1\n'],
  ['a value that is none', '# HELP a b.\n# TYPE a counter\na undefined\n'],
  [
    'a histogram that shrinks',
    '# HELP a b.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
])('the reader of the test refuses %s', (_, text) => {
  expect(() => readExposition(text)).toThrow();
});
