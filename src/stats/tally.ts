import type { CodePlaces } from './groups.js';
import { Measure, type MeasureMessage } from './measure.js';
import type { QuantileSummary } from './quantiles.js';
import type { ReplacedPlace, RequestOutcome, RequestRecord } from './record.js';
import { Tops } from './tops.js';

/** Distinct keys kept of each list in one tally. */
const CAPACITY = 500;
/** Codes of one request whose groups are counted. */
const CODES_GROUPED = 200;

/** Bounds of the buckets in microseconds, and of the sizes in terms. */
export const BOUNDS = {
  rewrite: [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000],
  upstream: [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1e6, 2.5e6, 5e6, 10e6, 30e6],
  terms: [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 50_000],
} as const;

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
  /** Elasticsearch's own figure, in milliseconds, of the rewritten searches whose answer was read. */
  tookMillis: QuantileSummary;
  /** Rewritten searches whose number of hits is known, and how many of those had none; those of an `_msearch` each. */
  hits: { known: number; none: number };
}

export type EndpointCounts = Record<RequestOutcome, number>;

/** How busy a process was, looked at every second. Sums over the looks. */
export interface Saturation {
  looks: number;
  inFlight: number;
  /** Resident bytes. */
  memory: number;
}

type Pairs = readonly (readonly [key: string, count: number])[];

/** A tally as it goes to another process: it survives JSON. */
export interface TallyMessage {
  readonly endpoints: readonly (readonly [string, EndpointCounts])[];
  readonly measures: Readonly<Record<(typeof MEASURES)[number], MeasureMessage>>;
  readonly tops: Readonly<Record<(typeof TOPS)[number], Pairs>>;
  readonly sums: Readonly<Record<(typeof SUMS)[number], number>>;
  readonly saturation: Saturation;
}

const OUTCOMES = ['passed', 'rewritten', 'refused', 'failed'] as const;
const MEASURES = ['rewrite', 'upstream', 'took', 'terms', 'loopDelay'] as const;
const TOPS = [
  'errors',
  'units',
  'unknownCodes',
  'formerCodes',
  'searches',
  'noHits',
  'withoutHits',
  'clients',
] as const;
const SUMS = ['hitsKnown', 'hitsNone', 'hits', 'cacheHits', 'cacheMisses'] as const;

/**
 * Everything that is counted over one stretch of time: the one count from which the metrics, the statistics and the
 * history are made. Bounded in memory whatever is asked.
 */
export class Tally {
  readonly endpoints = new Map<string, EndpointCounts>();
  readonly errors = new Tops(CAPACITY);
  /** In microseconds. */
  readonly rewrite = new Measure(BOUNDS.rewrite);
  readonly upstream = new Measure(BOUNDS.upstream);
  /** In milliseconds. */
  readonly took = new Measure([]);
  /** Codes in the clauses of a place. */
  readonly terms = new Measure(BOUNDS.terms);
  /** The 99th percentile of the event loop's delay in each second, in microseconds. */
  readonly loopDelay = new Measure([]);
  hitsKnown = 0;
  hitsNone = 0;
  hits = 0;
  cacheHits = 0;
  cacheMisses = 0;
  /** Codes as written in shorthands. */
  readonly units = new Tops(CAPACITY);
  readonly unknownCodes = new Tops(CAPACITY);
  readonly formerCodes = new Tops(CAPACITY);
  /** Rewritten searches whose hits are known, by group; each once for each group that it names. */
  readonly searches = new Tops(CAPACITY);
  /** Those of them without a hit. */
  readonly noHits = new Tops(CAPACITY);
  /** Shorthands as written of rewritten searches without a hit. */
  readonly withoutHits = new Tops(CAPACITY);
  readonly clients = new Tops(CAPACITY);
  readonly saturation: Saturation = { looks: 0, inFlight: 0, memory: 0 };
  #last: { name: string; counts: EndpointCounts } | undefined;

  /** Counts a request that passed as it came: all that `record` would count of one. */
  passed(endpoint: string, client: string, upstreamMicros: number | undefined): void {
    this.#countsOf(endpoint).passed += 1;
    this.clients.add(client);
    if (upstreamMicros !== undefined) this.upstream.record(upstreamMicros);
  }

  /** @param places what is known of codes; without, nothing is counted by group */
  record(record: RequestRecord, places?: CodePlaces): void {
    this.#countsOf(record.endpoint)[record.outcome] += 1;
    this.clients.add(record.client);
    if (record.upstreamMicros !== undefined) this.upstream.record(record.upstreamMicros);
    const { error, outcomeDetail: detail } = record;
    if (error !== undefined) {
      this.errors.add(error.type);
      if (error.units !== undefined) this.#recordUnknown(error.units);
    }
    if (record.refusedSearches !== undefined) {
      for (const { type, units } of record.refusedSearches) {
        this.errors.add(type);
        if (units !== undefined) this.#recordUnknown(units);
      }
    }
    if (detail === undefined) return;
    if (detail.dropped !== undefined) this.#recordUnknown(detail.dropped);
    if (record.rewriteMicros !== undefined) this.rewrite.record(record.rewriteMicros);
    const { replaced } = detail;
    let codes = 0;
    for (let from = 0; from < replaced.length; ) {
      const { search } = replaced[from]!;
      let to = from + 1;
      while (to < replaced.length && replaced[to]!.search === search) to++;
      const found = search === undefined ? record : record.searches?.[search];
      codes = this.#recordSearch(replaced, { from, to }, found ?? {}, codes, places);
      from = to;
    }
  }

  /** One search with its places: a request, or one of the searches of an `_msearch`. @returns the codes looked at so far */
  #recordSearch(
    replaced: readonly ReplacedPlace[],
    { from, to }: { from: number; to: number },
    { took, hits }: { readonly took?: number; readonly hits?: number },
    looked: number,
    places: CodePlaces | undefined,
  ): number {
    // Most searches are of one group, for which no set is made.
    let group: string | undefined;
    let more: Set<string> | undefined;
    let codes = looked;
    for (let i = from; i < to; i++) {
      const place = replaced[i]!;
      this.terms.record(place.terms);
      if (place.cache === 'hit') this.cacheHits += 1;
      else this.cacheMisses += 1;
      for (const code of place.codes) {
        this.units.add(code);
        if (places === undefined || ++codes > CODES_GROUPED) continue;
        const found = places.of(code);
        if (found.state === 'former') this.formerCodes.add(code);
        if (found.group === undefined || found.group === group) continue;
        if (group === undefined) group = found.group;
        else {
          more ??= new Set();
          more.add(found.group);
        }
      }
    }
    if (took !== undefined) this.took.record(took);
    if (hits === undefined) return codes;
    this.hitsKnown += 1;
    this.hits += hits;
    const none = hits === 0;
    if (group !== undefined) this.#recordGroup(group, none);
    for (const other of more ?? []) this.#recordGroup(other, none);
    if (none) {
      this.hitsNone += 1;
      const own = from === 0 && to === replaced.length ? replaced : replaced.slice(from, to);
      this.withoutHits.add(own.map((place) => place.written).join(' '));
    }
    return codes;
  }

  /** @param loopDelay the 99th percentile of the event loop's delay since the last look, in microseconds */
  look(inFlight: number, memory: number, loopDelay: number): void {
    this.saturation.looks += 1;
    this.saturation.inFlight += inFlight;
    this.saturation.memory += memory;
    this.loopDelay.record(loopDelay);
  }

  add(other: Tally): void {
    for (const [name, counts] of other.endpoints) addCounts(this.#countsOf(name), counts);
    for (const name of MEASURES) this[name].add(other[name]);
    for (const name of TOPS) this[name].addAll(other[name]);
    for (const name of SUMS) this[name] += other[name];
    this.#addSaturation(other.saturation);
  }

  toMessage(): TallyMessage {
    return {
      endpoints: [...this.endpoints],
      measures: mapped(MEASURES, (name) => this[name].toMessage()),
      tops: mapped(TOPS, (name) => [...this[name]]),
      sums: mapped(SUMS, (name) => this[name]),
      saturation: this.saturation,
    };
  }

  /** What `toMessage` gave. */
  static fromMessage({ endpoints, measures, tops, sums, saturation }: TallyMessage): Tally {
    const tally = new Tally();
    for (const [name, counts] of endpoints) addCounts(tally.#countsOf(name), counts);
    for (const name of MEASURES) tally[name].addMessage(measures[name]);
    for (const name of TOPS) for (const [key, count] of tops[name]) tally[name].add(key, count);
    for (const name of SUMS) tally[name] += sums[name];
    tally.#addSaturation(saturation);
    return tally;
  }

  summary(): TallySummary {
    const sums: EndpointCounts = { passed: 0, rewritten: 0, refused: 0, failed: 0 };
    for (const counts of this.endpoints.values()) addCounts(sums, counts);
    return {
      requests: total(sums),
      ...sums,
      endpoints: Object.fromEntries(Array.from(this.endpoints, ([name, counts]) => [name, total(counts)])),
      errors: Object.fromEntries(this.errors),
      rewriteMicros: this.rewrite.summary(),
      upstreamMicros: this.upstream.summary(),
      tookMillis: this.took.summary(),
      hits: { known: this.hitsKnown, none: this.hitsNone },
    };
  }

  #recordGroup(group: string, none: boolean): void {
    this.searches.add(group);
    if (none) this.noHits.add(group);
  }

  #recordUnknown(codes: readonly string[]): void {
    for (const code of codes) this.unknownCodes.add(code);
  }

  /** Most requests are for the endpoint of the one before. */
  #countsOf(name: string): EndpointCounts {
    if (this.#last?.name === name) return this.#last.counts;
    let counts = this.endpoints.get(name);
    if (counts === undefined) {
      counts = { passed: 0, rewritten: 0, refused: 0, failed: 0 };
      this.endpoints.set(name, counts);
    }
    this.#last = { name, counts };
    return counts;
  }

  #addSaturation({ looks, inFlight, memory }: Saturation): void {
    this.saturation.looks += looks;
    this.saturation.inFlight += inFlight;
    this.saturation.memory += memory;
  }
}

function addCounts(to: EndpointCounts, from: EndpointCounts): void {
  for (const outcome of OUTCOMES) to[outcome] += from[outcome];
}

function total({ passed, rewritten, refused, failed }: EndpointCounts): number {
  return passed + rewritten + refused + failed;
}

function mapped<Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}
