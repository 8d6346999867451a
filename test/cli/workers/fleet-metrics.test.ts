import { Registry } from 'prom-client';
import { FleetMetrics } from '../../../src/cli/workers/fleet-metrics.js';
import { Metrics } from '../../../src/stats/metrics.js';
import { rewritten, tallyOf } from '../../stats/records.js';

function metricsOf(requests: number, cache = { hits: 0, misses: 0, evictions: 0, entries: 0, bytes: 0 }): Metrics {
  const tree = () => ({ version: 'v1', units: 7, loadedAt: new Date(5000) });
  const metrics = new Metrics({ cache: () => cache, tree, inFlight: () => 1 }, { version: '1' });
  for (let i = 0; i < requests; i++) metrics.add(tallyOf(rewritten({ upstreamMicros: 3000 })));
  return metrics;
}

const json = async (metrics: Metrics) => JSON.parse(JSON.stringify(await metrics.registry.getMetricsAsJSON()));

/** The samples by name and labels. */
function samples(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

it('adds up what processes count and hold, and tells once what they have in common', async () => {
  const fleet = new FleetMetrics(new Registry(), () => ({ up: 2, deaths: 0, startFailures: 0 }));
  const cache = { hits: 3, misses: 2, evictions: 1, entries: 4, bytes: 50 };
  const { text, contentType } = await fleet.exposition(await Promise.all([2, 5].map((n) => json(metricsOf(n, cache)))));
  expect(contentType).toMatch(/^text\/plain/);
  expect(samples(text)).toMatchObject({
    'territory_requests_total{endpoint="search",outcome="rewritten"}': 7,
    territory_upstream_seconds_count: 7,
    'territory_upstream_seconds_bucket{le="0.005"}': 7,
    territory_cache_hits_total: 6,
    territory_cache_bytes: 100,
    territory_in_flight: 2,
    territory_tree_units: 7,
    'territory_tree_info{version="v1"}': 1,
    territory_tree_loaded_timestamp_seconds: 5,
  });
});

it('keeps the counts of a process that ended, and not what it held', async () => {
  const fleet = new FleetMetrics(new Registry(), () => ({ up: 1, deaths: 2, startFailures: 0 }));
  fleet.keep(await json(metricsOf(4)));
  fleet.keep(await json(metricsOf(3)));
  const { text } = await fleet.exposition([await json(metricsOf(1))]);
  expect(samples(text)).toMatchObject({
    'territory_requests_total{endpoint="search",outcome="rewritten"}': 8,
    territory_upstream_seconds_count: 8,
    territory_in_flight: 1,
  });
});

it('tells how many processes there are, how many died, and how often none could be had', async () => {
  const registry = new Registry();
  new FleetMetrics(registry, () => ({ up: 3, deaths: 2, startFailures: 5 }));
  expect(samples(await registry.metrics())).toEqual({
    territory_workers: 3,
    territory_worker_deaths_total: 2,
    territory_worker_start_failures_total: 5,
  });
});
