import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Observer, RequestRecord } from './record.js';

/** What the metrics read when they are scraped. */
export interface MetricSources {
  cache(): { hits: number; misses: number; evictions: number; entries: number; bytes: number };
  tree(): { version: string; units: number; loadedAt: Date };
  inFlight(): number;
}

/**
 * The Prometheus exposition. Prefix `territory_`, base units, labels of low cardinality only. What happens on every
 * request is counted in plain numbers and written into the registry when it is scraped: a labelled `inc()` costs a
 * microsecond, an array index nothing.
 */
export class Metrics implements Observer {
  readonly registry = new Registry();
  /** `endpoint` → outcome → requests. */
  readonly #requests = new Map<string, Map<string, number>>();
  readonly #rewritten = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #rewriteSeconds: Histogram;
  readonly #upstreamSeconds: Histogram;
  readonly #expansionTerms: Histogram;

  constructor(sources: MetricSources, build: { version: string }) {
    const registers = [this.registry];
    counter(
      registers,
      'territory_requests_total',
      'Requests, by endpoint and outcome.',
      ['endpoint', 'outcome'],
      (add) => {
        for (const [endpoint, outcomes] of this.#requests) {
          for (const [outcome, count] of outcomes) add(count, { endpoint, outcome });
        }
      },
    );
    counter(
      registers,
      'territory_rewritten_requests_total',
      'Requests that held a shorthand and were rewritten.',
      ['endpoint'],
      (add) => {
        for (const [endpoint, count] of this.#rewritten) add(count, { endpoint });
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
    this.#rewriteSeconds = new Histogram({
      name: 'territory_rewrite_seconds',
      help: 'Time to rewrite a request that held a shorthand.',
      buckets: [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
      registers,
    });
    this.#upstreamSeconds = new Histogram({
      name: 'territory_upstream_seconds',
      help: "From the request sent to the head of Elasticsearch's answer.",
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#expansionTerms = new Histogram({
      name: 'territory_expansion_terms',
      help: 'Codes in the clauses that a shorthand became.',
      buckets: [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 50000],
      registers,
    });
  }

  request(record: RequestRecord): void {
    let outcomes = this.#requests.get(record.endpoint);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#requests.set(record.endpoint, outcomes);
    }
    bump(outcomes, record.outcome);
    if (record.upstreamMicros !== undefined) this.#upstreamSeconds.observe(record.upstreamMicros / 1e6);
    if (record.error !== undefined) bump(this.#errors, record.error.type);
    if (record.outcomeDetail === undefined) return;
    if (record.outcome === 'rewritten') bump(this.#rewritten, record.endpoint);
    if (record.rewriteMicros !== undefined) this.#rewriteSeconds.observe(record.rewriteMicros / 1e6);
    for (const place of record.outcomeDetail.replaced) this.#expansionTerms.observe(place.terms);
  }

  /** Counts an error that belongs to no request, such as a snapshot that could not be loaded. */
  error(type: string): void {
    bump(this.#errors, type);
  }

  /** The exposition as text, with its content type. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }
}

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

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
