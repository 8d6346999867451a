import type { Anomaly as ToldAnomaly } from '../../stats/anomalies/anomaly.js';
import type { SeriesName } from '../../stats/history/series.js';
import type { HistoryState, Sentence } from '../../stats/history/types.js';

/** The JSON that the pages read. Times are milliseconds since 1970. */
export type { HistoryState, Sentence };

export interface Anomaly extends Omit<ToldAnomaly, 'series'> {
  readonly series: SeriesName;
}

export interface OpenEmergency {
  readonly id: string;
  readonly title: string;
  readonly severity: number | string;
}

/** What may become of a unit from one map to the next. */
export type Change = 'removed' | 'added' | 'renamed' | 'moved';

/** What happened once, in words. */
export interface ToldMark {
  readonly time: number;
  readonly kind: 'tree' | 'delivery' | 'emergency' | 'start';
  readonly sentence: Sentence;
  /** `seeded` where it is made up, for a demo. */
  readonly data: { readonly seeded?: unknown };
}

export interface Standup {
  readonly state: 'well' | 'look' | 'emergency';
  /** When it was looked last; 0 before the first time. */
  readonly at: number;
  readonly sentence: Sentence;
  readonly learning?: Sentence;
  readonly anomalies: readonly Anomaly[];
  /** Of the last days only; the charts ask for more. */
  readonly marks: readonly { readonly time: number; readonly kind: ToldMark['kind'] }[];
  readonly history: HistoryState;
  readonly emergency?: OpenEmergency;
}

/** `[time, count, sum, p50?, p99?]` */
export type WirePoint = readonly [time: number, count: number, sum: number, p50?: number | null, p99?: number | null];

export interface WireHistory {
  readonly step: 'minute' | 'hour' | 'day';
  readonly from: number;
  readonly to: number;
  readonly series: readonly { readonly name: string; readonly key: string; readonly points: readonly WirePoint[] }[];
}

interface SpanOfStats {
  readonly requests: number;
  readonly rewritten: number;
  readonly refused: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly rewriteMicros: { readonly p50?: number; readonly p99?: number };
  readonly upstreamMicros: { readonly p50?: number; readonly p99?: number };
  readonly hits: { readonly known: number; readonly none: number };
  readonly units: readonly { readonly code: string; readonly label?: string; readonly count: number }[];
  readonly unknownCodes: readonly {
    readonly code: string;
    readonly count: number;
    readonly suggestions: readonly string[];
  }[];
  readonly withoutHits?: readonly { readonly query: string; readonly count: number }[];
}

export interface WireStats {
  readonly cache: {
    readonly hits: number;
    readonly misses: number;
    readonly entries: number;
    readonly bytes: number;
    readonly hitRatio: number;
  };
  readonly tree: {
    readonly version: string;
    readonly units: number;
    readonly loadedAt: string;
    readonly refused?: { readonly at: string; readonly reason: string };
  };
  readonly queries: { readonly minute: SpanOfStats; readonly hour: SpanOfStats; readonly day: SpanOfStats };
}

export interface WireUnit {
  readonly code: string;
  readonly level: string;
  readonly label: string;
  readonly parents: readonly string[];
  readonly inhabitants?: number;
}

interface UnitListing {
  readonly total: number;
  readonly units: readonly {
    readonly code: string;
    readonly label: string;
    readonly inhabitants?: number;
    readonly atoms: number;
  }[];
}

export interface Exploration {
  readonly version: string;
  readonly atomCount: number;
  readonly inhabitants?: number;
  readonly resolved: Readonly<Record<string, readonly string[]>>;
  readonly cover: UnitListing;
  readonly covering: UnitListing;
  readonly around: UnitListing;
  readonly inside: Readonly<Record<string, number>>;
  readonly smallest?: string;
  readonly map: {
    readonly level: string;
    readonly shares: readonly {
      readonly code: string;
      readonly label: string;
      readonly atoms: number;
      readonly shared: number;
    }[];
  };
  readonly forms: { readonly lucene: string; readonly clause: string; readonly url: string };
}

export interface Rewritten {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly replaced: readonly {
    readonly place: string;
    readonly written: string;
    readonly codes: readonly string[];
    readonly relation: string;
    readonly terms: number;
    readonly cache: 'hit' | 'miss';
  }[];
  readonly warnings?: readonly string[];
}
