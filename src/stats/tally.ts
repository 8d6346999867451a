import { type QuantileSummary, Quantiles } from './quantiles.js';
import type { RequestRecord } from './record.js';
import { Tops } from './tops.js';

/** Distinct keys kept of each list in one tally. */
const CAPACITY = 500;

export interface TallySummary {
  requests: number;
  passed: number;
  rewritten: number;
  refused: number;
  failed: number;
  endpoints: Record<string, number>;
  errors: Record<string, number>;
  /** Time spent on rewriting, in microseconds. */
  rewriteMicros: QuantileSummary;
  /** From the request sent to the head of Elasticsearch's answer, in microseconds. */
  upstreamMicros: QuantileSummary;
  /** Elasticsearch's own figure, in milliseconds, of the rewritten requests whose answer was read. */
  tookMillis: QuantileSummary;
  /** Rewritten requests whose number of hits is known, and how many of those had none. */
  hits: { known: number; none: number };
}

/** Everything that is counted over one stretch of time. Bounded in memory whatever is asked. */
export class Tally {
  readonly #outcomes = { passed: 0, rewritten: 0, refused: 0, failed: 0 };
  readonly #endpoints = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #rewrite = new Quantiles();
  readonly #upstream = new Quantiles();
  readonly #took = new Quantiles();
  #hitsKnown = 0;
  #hitsNone = 0;
  /** Codes as written in shorthands. */
  readonly units = new Tops(CAPACITY);
  readonly unknownCodes = new Tops(CAPACITY);
  /** Shorthands as written of rewritten requests without a hit. */
  readonly withoutHits = new Tops(CAPACITY);
  readonly clients = new Tops(CAPACITY);

  record(record: RequestRecord): void {
    this.#outcomes[record.outcome] += 1;
    bump(this.#endpoints, record.endpoint, 1);
    this.clients.add(record.client);
    if (record.upstreamMicros !== undefined) this.#upstream.record(record.upstreamMicros);
    if (record.rewriteMicros !== undefined) this.#rewrite.record(record.rewriteMicros);
    if (record.error !== undefined) {
      bump(this.#errors, record.error.type, 1);
      for (const code of record.error.units ?? []) this.unknownCodes.add(code);
    }
    if (record.outcomeDetail !== undefined) this.#recordRewrite(record, record.outcomeDetail.replaced);
  }

  #recordRewrite(record: RequestRecord, replaced: NonNullable<RequestRecord['outcomeDetail']>['replaced']): void {
    for (const place of replaced) for (const code of place.codes) this.units.add(code);
    if (record.took !== undefined) this.#took.record(record.took);
    if (record.hits === undefined) return;
    this.#hitsKnown += 1;
    if (record.hits > 0) return;
    this.#hitsNone += 1;
    this.withoutHits.add(replaced.map((place) => place.written).join(' '));
  }

  add(other: Tally): void {
    for (const outcome of ['passed', 'rewritten', 'refused', 'failed'] as const) {
      this.#outcomes[outcome] += other.#outcomes[outcome];
    }
    for (const [endpoint, count] of other.#endpoints) bump(this.#endpoints, endpoint, count);
    for (const [type, count] of other.#errors) bump(this.#errors, type, count);
    this.#rewrite.add(other.#rewrite);
    this.#upstream.add(other.#upstream);
    this.#took.add(other.#took);
    this.#hitsKnown += other.#hitsKnown;
    this.#hitsNone += other.#hitsNone;
    this.units.addAll(other.units);
    this.unknownCodes.addAll(other.unknownCodes);
    this.withoutHits.addAll(other.withoutHits);
    this.clients.addAll(other.clients);
  }

  summary(): TallySummary {
    const { passed, rewritten, refused, failed } = this.#outcomes;
    return {
      requests: passed + rewritten + refused + failed,
      passed,
      rewritten,
      refused,
      failed,
      endpoints: Object.fromEntries(this.#endpoints),
      errors: Object.fromEntries(this.#errors),
      rewriteMicros: this.#rewrite.summary(),
      upstreamMicros: this.#upstream.summary(),
      tookMillis: this.#took.summary(),
      hits: { known: this.#hitsKnown, none: this.#hitsNone },
    };
  }
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
