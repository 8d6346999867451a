import type { SeriesName } from '../history/series.js';
import type { HistoryReader, SeriesPoint } from '../history/types.js';
import { HOURS, type Sample, type SeriesTable } from './series-table.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** Hours by the minute: yesterday and today, wherever the day begins. */
const BY_MINUTE = 48;
/** Read at once, in hours: so little that what is served meanwhile does not wait. */
const CHUNK = { hours: 96, minutes: 4 };
/** Series that are judged by quantiles, whose sketches are read. */
const WITH_SKETCH: readonly SeriesName[] = ['upstream_seconds', 'took_seconds', 'rewrite_seconds'];
/** Judged by their sum alone: their keys are codes as clients wrote them, of which there may be any number. */
const SUMMED: readonly SeriesName[] = ['unknown', 'former'];
const PLAIN: readonly SeriesName[] = [
  ...['requests', 'rewritten', 'errors', 'unknown_groups', 'searches', 'no_hits', 'hits'],
  ...['cache_hits', 'cache_misses', 'expansion_terms', 'in_flight', 'event_loop_delay', 'memory', 'deliveries'],
  'tag_faults',
] as SeriesName[];

/** Quantiles of a sketch in the unit of its series. */
export type ReadSketch = (name: SeriesName, sketch: Uint8Array) => { p50: number; p90: number } | undefined;

/** Fills a table from the history: all of it first, then what came since. */
export class HistoryFeed {
  readonly #reader: Pick<HistoryReader, 'read'>;
  readonly #table: SeriesTable;
  readonly #sketch: ReadSketch;
  /** Up to when all is read; `undefined` before the first time. */
  #readTo: number | undefined;

  constructor(reader: Pick<HistoryReader, 'read'>, table: SeriesTable, sketch: ReadSketch) {
    this.#reader = reader;
    this.#table = table;
    this.#sketch = sketch;
  }

  /**
   * Reads what is new, and the last minutes again: other proxies may have written late.
   * @param again how far back is read once more, in milliseconds
   */
  async update(now: number, again: number): Promise<void> {
    const edge = Math.floor(now / HOUR) * HOUR - BY_MINUTE * HOUR;
    if (this.#readTo === undefined) this.#readTo = await this.#past(now - HOURS * HOUR, edge, now);
    this.#table.advance(now);
    const from = Math.max(edge, this.#readTo - again);
    for (let at = from; at <= now; at += CHUNK.minutes * HOUR) {
      const to = Math.min(at + CHUNK.minutes * HOUR, now + 1);
      for (const point of await this.#points('minute', at, to)) {
        this.#table.setMinute(point.name, point.key, point.time, this.#sample(point));
      }
    }
    this.#readTo = Math.floor(now / MINUTE) * MINUTE;
  }

  /** Reads the hours up to `to`. @returns from where on minutes are to be read */
  async #past(from: number, to: number, now: number): Promise<number> {
    // A history that is young is read in no time, for most of what could be asked is known to be empty.
    const days = await this.#reader.read({ names: ['requests'], from, to: now, step: 'day', sketches: false });
    const begins = days.reduce((first, { time }) => Math.min(first, time), now);
    const points: SeriesPoint[] = [];
    for (let at = Math.max(from, begins); at < to; at += CHUNK.hours * HOUR) {
      points.push(...(await this.#points('hour', at, Math.min(at + CHUNK.hours * HOUR, to))));
    }
    // Only when all is there: half of it, read again, would count twice.
    for (const point of points) this.#table.addHour(point.name, point.key, point.time, this.#sample(point));
    return Math.max(to, begins);
  }

  /** Sketches take most of the bytes, so only those that are judged are read. */
  async #points(step: 'minute' | 'hour', from: number, to: number): Promise<SeriesPoint[]> {
    const [plain, summed, sketched] = await Promise.all([
      this.#reader.read({ names: PLAIN, from, to, step, sketches: false }),
      this.#reader.read({ names: SUMMED, from, to, step, sketches: false, total: true }),
      this.#reader.read({ names: WITH_SKETCH, from, to, step }),
    ]);
    return [...plain, ...summed, ...sketched];
  }

  #sample({ name, count, sum, sketch }: SeriesPoint): Sample {
    const quantiles = sketch === undefined ? undefined : this.#sketch(name, sketch);
    return { count, sum, ...quantiles };
  }
}
