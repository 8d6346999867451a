import { OTHER_KEY } from '../history/types.js';
import type { SeriesTable } from './series-table.js';

/** What part of events went some way: judged as a share, or as a rate where one request may count several times. */
export interface ShareMeasure {
  readonly kind: 'share';
  /** Names the sentence. */
  readonly rule: ShareRule;
  readonly series: string;
  readonly key: string;
  /** Series counted, and those they are counted by. A key that is absent means all keys. */
  readonly part: Source;
  readonly whole: readonly Source[];
  readonly rate?: true;
  readonly direction: 'up' | 'down';
  /** How far, as a share, it must be from what is usual to be worth a sentence. */
  readonly least: number;
  /** Shortest window in hours that is judged, and whether it must show in several hours (one client may err for one). */
  readonly hours: number;
  readonly lasting: boolean;
  /** Whether it is expected to jump when a new tree comes. */
  readonly jumpsWithTree?: true;
}

export type ShareRule = 'no_hits' | 'unknown' | 'former' | 'errors' | 'cache' | 'searches' | 'rewritten' | 'requests';

/** The height of something: a time, a size. Judged by the ratio to what is usual. */
export interface ValueMeasure {
  readonly kind: 'value';
  readonly rule: ValueRule;
  readonly series: string;
  readonly key: string;
  readonly part: 'sum' | 'p50' | 'p90';
  readonly direction: 'up' | 'both';
  /** Times the usual, and how much more in the unit of the series, that is worth a sentence. */
  readonly ratio: number;
  readonly least: number;
  /** Events in a window below which nothing is said. */
  readonly events: number;
  /** Each look counts all there is: few looks are as good as many. */
  readonly exact?: true;
  /** End of the keys of its kind: what is usual of those is expected of one that is new, as the next index of an alias. */
  readonly kin?: string;
}

export type ValueRule =
  | 'rewrite_seconds'
  | 'upstream_seconds'
  | 'took_seconds'
  | 'hits'
  | 'expansion_terms'
  | 'in_flight'
  | 'event_loop_delay'
  | 'memory'
  | 'tag_faults';

export type Measure = ShareMeasure | ValueMeasure;

export interface Source {
  readonly name: string;
  readonly key?: string;
}

const share = (measure: Omit<ShareMeasure, 'kind'>): ShareMeasure => ({ kind: 'share', ...measure });
const value = (measure: Omit<ValueMeasure, 'kind'>): ValueMeasure => ({ kind: 'value', ...measure });

/** Errors that say only what another measure says better. */
const SAID_ELSEWHERE = new Set(['unknown_unit_exception']);

/** Everything that is judged, of the series that the table holds. */
export function measuresOf(table: SeriesTable): Measure[] {
  const named = (name: string) => table.keys(name).filter((key) => key !== '' && key !== OTHER_KEY);
  const rewritten = { name: 'rewritten' };
  const unknownSearches = { name: 'errors', key: 'unknown_unit_exception' };
  const groups = new Set([...named('searches'), ...named('unknown_groups')]);
  const group = { hours: 1, lasting: true, direction: 'up' } as const;
  return [
    share({
      ...{ rule: 'no_hits', series: 'no_hits', key: '', part: { name: 'no_hits' }, whole: [{ name: 'searches' }] },
      ...{ hours: 1, lasting: true, direction: 'up', least: 0.02 },
    }),
    share({
      ...{ rule: 'unknown', series: 'unknown', key: '', part: { name: 'unknown' } },
      ...{ hours: 1, lasting: true, direction: 'up', whole: [rewritten, unknownSearches], rate: true, least: 0.003 },
    }),
    share({
      ...{ rule: 'former', series: 'former', key: '', part: { name: 'former' } },
      ...{ hours: 1, lasting: true, direction: 'up', whole: [rewritten], rate: true, least: 0.01 },
    }),
    share({
      ...{ rule: 'cache', series: 'cache_hits', key: '', part: { name: 'cache_misses' } },
      ...{ whole: [{ name: 'cache_hits' }, { name: 'cache_misses' }], direction: 'up' },
      ...{ hours: 12, lasting: true, least: 0.05, jumpsWithTree: true },
    }),
    share({
      ...{ rule: 'rewritten', series: 'rewritten', key: '', part: rewritten, whole: [{ name: 'requests' }] },
      ...{ direction: 'down', hours: 4, lasting: true, least: 0.01 },
    }),
    ...named('errors')
      .filter((key) => !SAID_ELSEWHERE.has(key))
      .map((key) =>
        share({
          ...{ rule: 'errors', series: 'errors', key, part: { name: 'errors', key } },
          ...{ hours: 1, lasting: false, direction: 'up', whole: [{ name: 'requests' }], rate: true, least: 0.005 },
        }),
      ),
    ...named('requests').map((key) =>
      share({
        ...{ rule: 'requests', series: 'requests', key, part: { name: 'requests', key } },
        ...{ whole: [{ name: 'requests' }], direction: 'down', hours: 4, lasting: true, least: 0.01 },
      }),
    ),
    ...[...groups].flatMap((key) => [
      share({
        ...{ rule: 'no_hits', series: 'no_hits', key, part: { name: 'no_hits', key } },
        ...group,
        ...{ whole: [{ name: 'searches', key }], least: 0.08 },
      }),
      share({
        ...{ rule: 'unknown', series: 'unknown_groups', key, part: { name: 'unknown_groups', key } },
        ...group,
        whole: [
          { name: 'searches', key },
          { name: 'unknown_groups', key },
        ],
        least: 0.03,
      }),
      share({
        ...{ rule: 'searches', series: 'searches', key, part: { name: 'searches', key } },
        ...{ whole: [{ name: 'searches' }], direction: 'down', hours: 4, lasting: true, least: 0.002 },
      }),
    ]),
    ...(['upstream_seconds', 'took_seconds'] as const).flatMap((name) =>
      (['p50', 'p90'] as const).map((part) =>
        value({
          ...{ rule: name, series: name, key: '', part, direction: 'up' },
          ...(part === 'p50' ? { ratio: 1.6, least: 0.01, events: 60 } : { ratio: 2.2, least: 0.05, events: 400 }),
        }),
      ),
    ),
    value({
      ...{ rule: 'rewrite_seconds', series: 'rewrite_seconds', key: '', part: 'p90', direction: 'up' },
      ...{ ratio: 3, least: 0.001, events: 60 },
    }),
    value({
      ...{ rule: 'hits', series: 'hits', key: '', part: 'sum', direction: 'both', ratio: 3, least: 3, events: 200 },
    }),
    value({
      ...{ rule: 'expansion_terms', series: 'expansion_terms', key: '', part: 'sum', direction: 'both' },
      ...{ ratio: 3, least: 10, events: 200 },
    }),
    value({
      ...{ rule: 'in_flight', series: 'in_flight', key: '', part: 'sum', direction: 'up' },
      ...{ ratio: 4, least: 20, events: 3 },
    }),
    value({
      ...{ rule: 'event_loop_delay', series: 'event_loop_delay', key: '', part: 'sum', direction: 'up' },
      ...{ ratio: 3, least: 0.03, events: 3 },
    }),
    value({
      ...{ rule: 'memory', series: 'memory', key: '', part: 'sum', direction: 'up' },
      ...{ ratio: 1.8, least: 100e6, events: 3 },
    }),
    ...named('tag_faults').map((key) =>
      value({
        ...{ rule: 'tag_faults', series: 'tag_faults', key, part: 'sum', direction: 'up' },
        ...{ ratio: 1.5, least: 10, events: 1, exact: true },
        // Of `INDEX:FAULT` the fault.
        kin: key.slice(key.lastIndexOf(':')),
      }),
    ),
  ];
}
