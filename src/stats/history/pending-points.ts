import { Quantiles } from '../quantiles.js';
import { SERIES, type SeriesInfo, type SeriesName } from './series.js';
import { OTHER_KEY, type SeriesPoint, STEP_MS } from './types.js';

/** Keys of a series that are written by name, of what came between two writes. */
const KEYS_WRITTEN = 100;
/** Units, indices and the like have as many keys as there are: they are not what strangers send. */
const KEYS_OF_OURS = 1000;
/** Keys that are held until the smallest are added up. */
const KEYS_HELD = 2000;
const KEY_LENGTH = 200;

interface Held {
  count: number;
  sum: number;
  quantiles: Quantiles | undefined;
}

/** Points of minutes that are not written yet. Memory is bounded: so many minutes, so many keys of each series. */
export class PendingPoints {
  readonly #mostMinutes: number;
  readonly #minutes = new Map<number, Map<SeriesName, Map<string, Held>>>();

  /** @param mostMinutes beyond these the oldest minutes are dropped */
  constructor(mostMinutes: number) {
    this.#mostMinutes = mostMinutes;
  }

  get size(): number {
    let size = 0;
    for (const series of this.#minutes.values()) for (const keys of series.values()) size += keys.size;
    return size;
  }

  /** @param quantiles of the values; they are copied */
  add(time: number, name: SeriesName, key: string, count: number, sum = count, quantiles?: Quantiles): void {
    const minute = Math.floor(time / STEP_MS.minute) * STEP_MS.minute;
    const keys = child(child(this.#minutes, minute, newMap<SeriesName, Map<string, Held>>), name, newMap<string, Held>);
    const held = child(keys, storable(key), nothing);
    held.count += count;
    held.sum += sum;
    if (quantiles !== undefined) {
      held.quantiles ??= new Quantiles();
      held.quantiles.add(quantiles);
    }
    if (keys.size > KEYS_HELD) fold(keys, KEYS_HELD / 2);
  }

  /** Drops the oldest minutes beyond the bound. Gives how many points went, and since when. */
  bound(): { points: number; since: number } | undefined {
    if (this.#minutes.size <= this.#mostMinutes) return undefined;
    const dropped = [...this.#minutes.keys()].sort((a, b) => a - b).slice(0, this.#minutes.size - this.#mostMinutes);
    let points = 0;
    for (const minute of dropped) {
      for (const keys of this.#minutes.get(minute)!.values()) points += keys.size;
      this.#minutes.delete(minute);
    }
    return { points, since: dropped[0]! };
  }

  /** All points, which are held no longer. */
  take(): SeriesPoint[] {
    const points: SeriesPoint[] = [];
    for (const [time, series] of this.#minutes) {
      for (const [name, keys] of series) {
        const info: SeriesInfo = SERIES[name];
        fold(keys, info.label === 'code' || info.label === 'type' ? KEYS_WRITTEN : KEYS_OF_OURS);
        for (const [key, { count, sum, quantiles }] of keys) {
          const point = { name, key, time, count, sum };
          points.push(quantiles === undefined ? point : { ...point, sketch: quantiles.encode() });
        }
      }
    }
    this.#minutes.clear();
    return points;
  }
}

/**
 * What Postgres takes as a text: without NUL, and of a length that an index bears. Halves of pairs of surrogates, which
 * would all be one text there, are one key here already: a row that is written twice at once is refused.
 */
function storable(key: string): string {
  return key.slice(0, KEY_LENGTH).replaceAll(/\0|\p{Surrogate}/gu, '\ufffd');
}

/** Adds up all but the `most` largest under one key. */
function fold(keys: Map<string, Held>, most: number): void {
  if (keys.size <= most) return;
  const named = [...keys].filter(([key]) => key !== OTHER_KEY).sort((a, b) => b[1].count - a[1].count);
  const other = child(keys, OTHER_KEY, nothing);
  for (const [key, { count, sum }] of named.slice(most)) {
    other.count += count;
    other.sum += sum;
    keys.delete(key);
  }
}

function child<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function newMap<Key, Value>(): Map<Key, Value> {
  return new Map();
}

function nothing(): Held {
  return { count: 0, sum: 0, quantiles: undefined };
}
