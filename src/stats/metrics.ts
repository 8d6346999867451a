import { Counter, Gauge, type Histogram, Registry } from 'prom-client';
import { Buckets } from './buckets.js';
import { BOUNDS, type EndpointCounts, type Tally } from './tally.js';

/** What the metrics read when they are scraped. */
export interface MetricSources {
  cache(): { hits: number; misses: number; evictions: number; entries: number; bytes: number };
  tree(): { version: string; units: number; loadedAt: Date };
  inFlight(): number;
}

/**
 * The Prometheus exposition. Prefix `territory_`, base units, labels of low cardinality only. It is made of tallies, and
 * written into the registry only when it is scraped: a labelled `inc()` on every request costs a microsecond.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #endpoints = new Map<string, EndpointCounts>();
  readonly #errors = new Map<string, number>();
  readonly #rewrite = new Buckets(BOUNDS.rewrite);
  readonly #upstream = new Buckets(BOUNDS.upstream);
  readonly #terms = new Buckets(BOUNDS.terms);

  constructor(sources: MetricSources, build: { version: string }) {
    const registers = [this.registry];
    counter(
      registers,
      'territory_requests_total',
      'Requests, by endpoint and outcome.',
      ['endpoint', 'outcome'],
      (add) => {
        for (const [endpoint, outcomes] of this.#endpoints) {
          for (const [outcome, count] of Object.entries(outcomes)) if (count > 0) add(count, { endpoint, outcome });
        }
      },
    );
    counter(
      registers,
      'territory_rewritten_requests_total',
      'Requests that held a shorthand and were rewritten.',
      ['endpoint'],
      (add) => {
        for (const [endpoint, { rewritten }] of this.#endpoints) if (rewritten > 0) add(rewritten, { endpoint });
      },
    );
    counter(registers, 'territory_errors_total', 'Errors that the proxy answered or met, by type.', ['type'], (add) => {
      for (const [type, count] of this.#errors) add(count, { type });
    });
    counter(registers, 'territory_cache_hits_total', 'Expansions found in the cache.', [], (add) =>
      add(sources.cache().hits),
    );
    counter(registers, 'territory_cache_misses_total', 'Expansions that had to be made.', [], (add) =>
      add(sources.cache().misses),
    );
    counter(registers, 'territory_cache_evictions_total', 'Expansions dropped for want of room.', [], (add) => {
      add(sources.cache().evictions);
    });
    gauge(registers, 'territory_cache_entries', 'Entries in the cache.', (set) => set(sources.cache().entries));
    gauge(registers, 'territory_cache_bytes', 'Bytes of the entries in the cache.', (set) =>
      set(sources.cache().bytes),
    );
    gauge(registers, 'territory_in_flight', 'Requests under way.', (set) => set(sources.inFlight()));
    gauge(
      registers,
      'territory_tree_info',
      'Always 1; the label tells the version of the tree in use.',
      (set) => {
        set(1, { version: sources.tree().version });
      },
      ['version'],
      'first',
    );
    gauge(registers, 'territory_tree_units', 'Units in the tree.', (set) => set(sources.tree().units), [], 'first');
    gauge(
      registers,
      'territory_tree_loaded_timestamp_seconds',
      'When the tree was loaded, in seconds since 1970.',
      (set) => {
        set(sources.tree().loadedAt.getTime() / 1000);
      },
      [],
      'first',
    );
    gauge(
      registers,
      'territory_build_info',
      'Always 1; the labels tell what runs.',
      (set) => {
        set(1, { version: build.version, node_version: process.version });
      },
      ['version', 'node_version'],
      'first',
    );
    histogram(
      registers,
      'territory_rewrite_seconds',
      'Time to rewrite a request that held a shorthand.',
      this.#rewrite,
      1e6,
    );
    histogram(
      registers,
      'territory_upstream_seconds',
      "From the request sent to the head of Elasticsearch's answer.",
      this.#upstream,
      1e6,
    );
    histogram(registers, 'territory_expansion_terms', 'Codes in the clauses that a shorthand became.', this.#terms, 1);
  }

  add({ endpoints, errors, rewrite, upstream, terms }: Tally): void {
    for (const [endpoint, counts] of endpoints) {
      const sum = this.#endpoints.get(endpoint) ?? { passed: 0, rewritten: 0, refused: 0, failed: 0 };
      for (const outcome of OUTCOMES) sum[outcome] += counts[outcome];
      this.#endpoints.set(endpoint, sum);
    }
    for (const [type, count] of errors) this.#errors.set(type, (this.#errors.get(type) ?? 0) + count);
    this.#rewrite.add(rewrite.buckets);
    this.#upstream.add(upstream.buckets);
    this.#terms.add(terms.buckets);
  }

  /** Counts an error that belongs to no request, such as a snapshot that could not be loaded. */
  error(type: string): void {
    this.#errors.set(type, (this.#errors.get(type) ?? 0) + 1);
  }

  /** The exposition as text, with its content type. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }
}

const OUTCOMES = ['passed', 'rewritten', 'refused', 'failed'] as const;

type Labels = Record<string, string>;

function counter(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: string[],
  collect: (add: (value: number, labels?: Labels) => void) => void,
): void {
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      this.reset();
      collect((value, labels) => this.inc(labels ?? {}, value));
    },
  });
}

function gauge(
  registers: Registry[],
  name: string,
  help: string,
  collect: (set: (value: number, labels?: Labels) => void) => void,
  labelNames: string[] = [],
  /** What the values of several processes are together. */
  aggregator: 'sum' | 'first' = 'sum',
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers,
    aggregator,
    collect() {
      this.reset(); // a label that no longer holds, such as an old version, must go
      collect((value, labels) => this.set(labels ?? {}, value));
    },
  });
}

/**
 * A histogram whose values were counted elsewhere: prom-client's own takes a microsecond for each.
 * @param parts how many of what was counted make one of the metric's unit
 */
function histogram(registers: Registry[], name: string, help: string, counted: Buckets, parts: number): void {
  const metric = {
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    reset(): void {},
    async get() {
      const { bounds, counts, count, sum } = counted;
      let below = 0;
      const bucket = (le: number | string, value: number) => ({ labels: { le }, value, metricName: `${name}_bucket` });
      const upTo = bounds.map((bound, i) => {
        below += counts[i]!;
        return bucket(bound / parts, below);
      });
      const values = [
        ...upTo,
        bucket('+Inf', count),
        { labels: {}, value: sum / parts, metricName: `${name}_sum` },
        { labels: {}, value: count, metricName: `${name}_count` },
      ];
      return { name, help, type: 'histogram', aggregator: 'sum', values };
    },
  };
  // What a registry asks of a metric is this much.
  for (const registry of registers) registry.registerMetric(metric as unknown as Histogram);
}
