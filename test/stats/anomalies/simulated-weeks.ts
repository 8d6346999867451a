import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';
import { type Sample, SeriesTable } from '../../../src/stats/anomalies/series-table.js';
import type { Mark, TreeMark } from '../../../src/stats/history/types.js';
import { Random } from './random.js';

// In Jest's modules every look at a global is slow.
const { floor, exp, sqrt, max, min, round } = Math;
const HOUR = 3_600_000;
const MINUTE = 60_000;
export const DAY = 24 * HOUR;

/** What is wrong in a simulated world, from when to when (milliseconds since 1970, UTC). */
export interface Fault {
  readonly kind: FaultKind;
  readonly from: number;
  readonly to?: number;
  /** The department that is lost. */
  readonly group?: string;
}

export type FaultKind =
  | 'lost department'
  | 'rename'
  | 'cache leak'
  | 'dead loader'
  | 'errors'
  | 'slow upstream'
  | 'silence';

export interface WorldOptions {
  readonly seed: number;
  /** First moment of the first day that is judged. */
  readonly start: number;
  readonly timeZone?: string;
  /** Of history before it. */
  readonly weeks?: number;
  /** How many departments are asked for; 101 where absent. */
  readonly departments?: number;
  readonly faults?: readonly Fault[];
  /** Days (their first moments) on which people are off. */
  readonly holidays?: readonly number[];
  /** Whether the loader now and then does not come on a working day; true where absent. */
  readonly loaderSkips?: boolean;
  /** Whether this world is the past of others. */
  readonly keepsPast?: true;
  /** A world that keeps its past, with the same seed, start and weeks: up to ten days before the start it is taken over. */
  readonly past?: World;
}

interface Emitted {
  readonly name: string;
  readonly key: string;
  readonly time: number;
  readonly sample: Sample;
}

/** Requests an hour, of a whole day's, on days of work and of rest. */
const WORK = [4, 2, 2, 2, 3, 6, 15, 35, 70, 95, 100, 95, 60, 75, 95, 100, 92, 80, 55, 38, 28, 20, 13, 7];
const REST = [5, 3, 2, 2, 2, 3, 5, 9, 14, 20, 24, 25, 22, 22, 24, 26, 26, 25, 22, 20, 18, 15, 11, 7];
const DEPARTMENTS = 101;
const ERRORS: readonly [string, number][] = [
  ['territory_syntax_exception', 0.002],
  ['territory_unsupported_exception', 0.001],
  ['territory_upstream_exception', 0.0004],
  ['territory_timeout_exception', 0.0003],
];

export function treeMark(time: number, changes: Partial<TreeMark>): Mark {
  const data = { from: 'a', to: 'b', levels: {}, added: {}, removed: {}, ...changes };
  return { time, kind: 'tree', text: 'a new tree', data };
}

/**
 * Weeks of traffic as a team would see them: working days and weekends, noise from hour to hour and from day to day,
 * growth, a hundred departments of which few are asked for often, clients that repeat one search, a loader that comes on
 * working days and now and then does not. All from one seed.
 */
export class World {
  readonly table: SeriesTable;
  readonly marks: Mark[] = [];
  readonly clock: LocalClock;
  readonly groups: readonly string[];
  #random: Random;
  readonly #past: Emitted[] = [];
  readonly #options: WorldOptions;
  readonly #daily: number;
  readonly #growth: number;
  readonly #popularity: readonly number[];
  readonly #missing: readonly number[];
  readonly #upstream: number;
  readonly #holidays: Set<number>;
  #time: number;

  constructor(options: WorldOptions) {
    const { seed, start, timeZone = 'Europe/Paris', weeks = 6, holidays = [], departments = DEPARTMENTS } = options;
    const random = new Random(seed);
    this.#random = random;
    this.#options = options;
    this.clock = new LocalClock(timeZone);
    this.#daily = random.between(15_000, 60_000);
    this.#growth = random.between(-0.01, 0.04);
    this.#upstream = random.between(0.006, 0.03);
    this.groups = Array.from({ length: departments }, (_, i) => `DEP:${i + 1 < 10 ? '0' : ''}${i + 1}`);
    const ranks = this.groups.map((_, i) => i + 1).sort(() => random.next() - 0.5);
    const total = ranks.reduce((sum, rank) => sum + 1 / rank ** 0.9, 0);
    this.#popularity = ranks.map((rank) => 1 / rank ** 0.9 / total);
    this.#missing = this.groups.map(() => random.between(0.01, 0.08));
    this.#time = start - weeks * 7 * DAY;
    this.#holidays = new Set(holidays.map((time) => this.#day(time)));
    // Each history has a holiday of its own, on some day.
    if (weeks > 2) this.#holidays.add(this.#day(start - random.int(11, weeks * 7 - 3) * DAY));
    this.table = new SeriesTable(this.clock, this.#time);
    for (const { kind, from } of options.faults ?? []) {
      if (kind === 'rename') this.marks.push(treeMark(from - 2 * MINUTE, { removed: {}, renamed: { COM: 19 } }));
    }
    const past = start - 10 * DAY;
    if (options.past === undefined) this.#run(past, false, options.keepsPast && this.#past);
    else this.#replay(options.past, past);
    // What follows must not hang on how the past was made.
    this.#random = new Random(seed + 1_000_000);
    this.#run(start - 2 * DAY, false);
    this.#run(start, true);
  }

  #replay(past: World, to: number): void {
    for (const emitted of past.#past) {
      this.table.advance(emitted.time);
      this.table.addHour(emitted.name, emitted.key, emitted.time, emitted.sample);
    }
    this.marks.push(...past.marks.filter(({ time, kind }) => kind === 'delivery' && time < to));
    this.#time = to;
  }

  /** Lets time pass, up to a moment. */
  runTo(time: number): void {
    this.#run(time, true);
  }

  #day(time: number): number {
    return floor(this.clock.hourOf(time) / 24);
  }

  /** @param byMinute as the running proxy gives it: a few moments of each hour */
  #run(to: number, byMinute: boolean, kept?: Emitted[]): void {
    const step = byMinute ? HOUR / 2 : HOUR;
    while (this.#time + step <= to) {
      this.table.advance(this.#time + step - 1);
      this.#step(this.#time, step, (name, key, sample) => {
        if (sample.count === 0) return;
        if (byMinute) this.table.setMinute(name, key, this.#time, sample);
        else this.table.addHour(name, key, this.#time, sample);
        kept?.push({ name, key, time: this.#time, sample });
      });
      this.#time += step;
    }
    this.table.advance(to);
  }

  #fault(kind: FaultKind, time: number): Fault | undefined {
    return this.#options.faults?.find(
      (fault) => fault.kind === kind && time >= fault.from && time < (fault.to ?? Infinity),
    );
  }

  #step(time: number, length: number, emit: (name: string, key: string, sample: Sample) => void): void {
    const random = this.#random;
    const hour = this.clock.hourOf(time);
    const day = floor(hour / 24);
    const off = LocalClock.dayClass(hour) !== 'work' || this.#holidays.has(day);
    const hourly = (off ? REST : WORK)[((hour % 24) + 24) % 24]!;
    const habit = new Random(day * 7919 + this.#options.seed);
    const dayNoise = 1 + 0.07 * habit.normal();
    const weeks = (time - this.#options.start) / (7 * DAY);
    const rate = (this.#daily / 1100) * hourly * (1 + this.#growth) ** weeks * dayNoise * (1 + 0.08 * random.normal());
    const load = hourly / 100;
    const count = (name: string, key: string, n: number) => emit(name, key, { count: n, sum: n });
    const samples = length / (5 * MINUTE);
    count('memory', '', 0);
    emit('in_flight', '', { count: samples, sum: random.poisson(samples * (1 + 12 * load)) });
    emit('event_loop_delay', '', {
      count: samples,
      sum: samples * 0.012 * (1 + 0.5 * load) * exp(0.2 * random.normal()),
    });
    emit('memory', '', { count: samples, sum: samples * 180e6 * (1 + 0.05 * random.normal()) });
    this.#deliver(time, length, hour, count);
    if (this.#fault('silence', time) !== undefined) return;

    const requests = random.poisson(max(0, rate) * (length / HOUR));
    const search = random.binomial(requests, off ? 0.62 : 0.7);
    const msearch = random.binomial(requests - search, 0.5);
    count('requests', 'search', search);
    count('requests', 'msearch', msearch);
    count('requests', 'bulk', requests - search - msearch);
    const rewritten = random.binomial(search + msearch, 0.75 * (1 + 0.02 * habit.normal()));
    count('rewritten', 'search', rewritten);
    this.#search(time, length, rewritten, count);
    this.#unknown(time, length, rewritten, count);
    for (const [type, share] of ERRORS) {
      const surge = type === 'territory_upstream_exception' && this.#fault('errors', time) ? 0.04 : 0;
      count('errors', type, random.binomial(requests, share * exp(0.3 * random.normal()) + surge));
    }
    const leak = this.#fault('cache leak', time);
    const leaked = leak === undefined ? 0 : (0.013 * (time - leak.from)) / DAY;
    const missed = min(0.9, 0.09 + 0.06 * (1 - load) + 0.007 * habit.normal() + leaked);
    const misses = random.binomial(rewritten, max(0.01, missed));
    count('cache_misses', '', misses);
    count('cache_hits', '', rewritten - misses);
    count('former', 'COM:69232', random.binomial(rewritten, 0.006));
    const slow = this.#fault('slow upstream', time) ? 2.2 : 1;
    this.#times(
      'upstream_seconds',
      requests,
      this.#upstream * slow * (1 + 0.4 * load) * exp(0.04 * habit.normal()),
      emit,
    );
    this.#times(
      'took_seconds',
      rewritten,
      0.8 * this.#upstream * slow * (1 + 0.4 * load) * exp(0.04 * habit.normal()),
      emit,
    );
    this.#times('rewrite_seconds', rewritten, 0.00008, emit);
    emit('hits', '', { count: rewritten, sum: round(rewritten * 900 * exp(0.25 * random.normal())) });
    emit('expansion_terms', '', { count: rewritten, sum: round(rewritten * 14 * exp(0.1 * random.normal())) });
  }

  #search(
    time: number,
    length: number,
    rewritten: number,
    count: (name: string, key: string, n: number) => void,
  ): void {
    const random = this.#random;
    const lost = this.#fault('lost department', time)?.group;
    for (const [i, group] of this.groups.entries()) {
      const searches = random.poisson(rewritten * this.#popularity[i]!);
      // Some clients ask for the whole of France even of a lost department, or find what has another tag.
      const share = group === lost ? 0.9 : this.#missing[i]!;
      let none = random.binomial(searches, share);
      let more = 0;
      // One client, once in a while, repeats one search that finds nothing.
      if (random.next() < 0.0008 * (length / HOUR)) more = random.int(5, 40);
      none += more;
      count('searches', group, searches + more);
      count('no_hits', group, none);
    }
  }

  #unknown(
    time: number,
    length: number,
    rewritten: number,
    count: (name: string, key: string, n: number) => void,
  ): void {
    const random = this.#random;
    const doubled = this.#fault('rename', time) ? 2 : 1;
    let unknown = random.poisson(rewritten * 0.012 * doubled);
    if (random.next() < (0.3 * length) / DAY) unknown += random.int(2, 15);
    for (const code of ['COM:1001', 'COM:75', 'DEP:2']) count('unknown', code, random.poisson(unknown / 3));
    count('errors', 'unknown_unit_exception', unknown);
  }

  #times(name: string, events: number, p50: number, emit: (name: string, key: string, sample: Sample) => void): void {
    const noise = exp((0.3 * this.#random.normal()) / sqrt(max(1, events / 10)));
    const tail = 3.5 * exp((1.2 * this.#random.normal()) / sqrt(max(1, events / 5)));
    const middle = p50 * noise;
    emit(name, '', { count: events, sum: events * middle * 1.6, p50: middle, p90: middle * max(1.2, tail) });
  }

  /** On working days between five and seven in the morning; one time in forty the source had nothing new. */
  #deliver(time: number, length: number, hour: number, count: (name: string, key: string, n: number) => void): void {
    const day = floor(hour / 24);
    if (LocalClock.dayClass(hour) !== 'work' || this.#holidays.has(day)) return;
    const habit = new Random(day * 104_729 + this.#options.seed);
    const due = this.clock.timeOf(day * 24 + 5) + habit.int(0, 110) * MINUTE;
    const skips = habit.next() < 0.025 && this.#options.loaderSkips !== false;
    if (skips || due < time || due >= time + length || this.#fault('dead loader', time)) return;
    count('deliveries', 'AMEND', habit.int(1, 60));
    count('deliveries', 'CREATE', habit.int(0, 3));
    this.marks.push({ time: due, kind: 'delivery', text: 'delivery', data: {} });
  }
}
