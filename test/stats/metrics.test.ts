import { Metrics } from '../../src/stats/metrics.js';
import { passed, refused, rewritten, tallyOf } from './records.js';

describe('Metrics', () => {
  const tree = { version: 'aaaaaaaaaaaaaaaa', units: 37_000, loadedAt: new Date(1_700_000_000_500) };
  let metrics: Metrics;

  beforeEach(() => {
    metrics = new Metrics(
      {
        cache: () => ({ hits: 5, misses: 2, evictions: 1, entries: 2, bytes: 4096 }),
        tree: () => tree,
        inFlight: () => 3,
      },
      { version: '1.2.3' },
    );
  });

  const lines = async () =>
    (await metrics.exposition()).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('has exactly the names and labels of the contract', async () => {
    metrics.add(tallyOf(rewritten()));
    metrics.add(tallyOf(refused(['COM:234'])));
    const types = (await metrics.exposition()).text
      .split('\n')
      .filter((line) => line.startsWith('# TYPE'))
      .map((line) => line.slice('# TYPE '.length))
      .sort();
    expect(types).toEqual([
      'territory_build_info gauge',
      'territory_cache_bytes gauge',
      'territory_cache_entries gauge',
      'territory_cache_evictions_total counter',
      'territory_cache_hits_total counter',
      'territory_cache_misses_total counter',
      'territory_errors_total counter',
      'territory_expansion_terms histogram',
      'territory_in_flight gauge',
      'territory_requests_total counter',
      'territory_rewrite_seconds histogram',
      'territory_rewritten_requests_total counter',
      'territory_tree_info gauge',
      'territory_tree_loaded_timestamp_seconds gauge',
      'territory_tree_units gauge',
      'territory_upstream_seconds histogram',
    ]);
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'territory_requests_total{endpoint="search",outcome="rewritten"} 1',
        'territory_requests_total{endpoint="search",outcome="refused"} 1',
        'territory_rewritten_requests_total{endpoint="search"} 1',
        'territory_errors_total{type="unknown_unit_exception"} 1',
        'territory_cache_hits_total 5',
        'territory_cache_misses_total 2',
        'territory_cache_evictions_total 1',
        'territory_cache_entries 2',
        'territory_cache_bytes 4096',
        'territory_in_flight 3',
        'territory_tree_info{version="aaaaaaaaaaaaaaaa"} 1',
        'territory_tree_units 37000',
        'territory_tree_loaded_timestamp_seconds 1700000000.5',
        `territory_build_info{version="1.2.3",node_version="${process.version}"} 1`,
        'territory_rewrite_seconds_count 1',
        'territory_rewrite_seconds_sum 0.000042',
        'territory_expansion_terms_count 1',
      ]),
    );
  });

  it('never names a unit or an index', async () => {
    metrics.add(tallyOf(rewritten({}, [{ codes: ['COM:69123'] }])));
    metrics.add(tallyOf(refused(['COM:234'])));
    const { text } = await metrics.exposition();
    expect(text).not.toMatch(/COM:|articles/);
  });

  it('does not count twice when it is scraped twice', async () => {
    metrics.add(tallyOf(passed()));
    await lines();
    expect(await lines()).toContain('territory_requests_total{endpoint="search",outcome="passed"} 1');
  });

  it('drops the old version when the tree changes', async () => {
    await lines();
    tree.version = 'bbbbbbbbbbbbbbbb';
    expect((await lines()).filter((line) => line.startsWith('territory_tree_info'))).toEqual([
      'territory_tree_info{version="bbbbbbbbbbbbbbbb"} 1',
    ]);
  });

  it('counts an error that belongs to no request', async () => {
    metrics.error('tree_cache_corrupt_exception');
    expect(await lines()).toContain('territory_errors_total{type="tree_cache_corrupt_exception"} 1');
  });
});
