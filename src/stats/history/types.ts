import type { SeriesName } from './series.js';

/** How finely time is cut: minutes are kept two days, hours 60 days, days for good. */
export const STEPS = ['minute', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

/** Milliseconds of a step. Steps begin at whole multiples of these since 1970, so days are those of UTC. */
export const STEP_MS: Readonly<Record<Step, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** How long points of a step are kept, in milliseconds. */
export const KEPT_MS: Readonly<Record<Step, number>> = {
  minute: 2 * STEP_MS.day,
  hour: 60 * STEP_MS.day,
  day: Number.POSITIVE_INFINITY,
};

/** One line of the history: what is counted, and for which endpoint, error, code or group. */
export interface SeriesId {
  readonly name: SeriesName;
  /** Its label; empty where the series has none. `OTHER_KEY` stands for all that are not kept by name. */
  readonly key: string;
}

/** Keys beyond the largest of a step are added up under this one. */
export const OTHER_KEY = '(other)';

/** What happened in one step. */
export interface Point {
  /** Start of the step, in milliseconds since 1970. */
  readonly time: number;
  /** Events, or samples of a gauge. */
  readonly count: number;
  /** Sum of their values in the unit of the series; equal to `count` where events have no value. */
  readonly sum: number;
  /** The values as an HDR histogram (`Quantiles.encode`), for quantiles. */
  readonly sketch?: Uint8Array;
}

export type SeriesPoint = SeriesId & Point;

export interface HistoryQuery {
  /** All where absent. */
  readonly names?: readonly SeriesName[];
  readonly keys?: readonly string[];
  /** First step that may begin (inclusive), in milliseconds since 1970. */
  readonly from: number;
  /** Steps that begin before (exclusive). */
  readonly to: number;
  readonly step: Step;
  /** Whether the sketches are wanted; they are the larger part of the bytes. Default true. */
  readonly sketches?: boolean;
  /** Whether all keys are added up: one line a series, its key empty. Series with sketches have no keys to add. */
  readonly total?: boolean;
  /** Points at the most; of more than that it is left open which are given. All where absent. */
  readonly most?: number;
}

/** How long a mark with the same key is the same event. */
export const SAME_MARK_MS = STEP_MS.hour;

/** What happened once: a tree that came into use, a delivery, an emergency, a process that started. */
export interface Mark {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly kind: 'tree' | 'delivery' | 'emergency' | 'start';
  /** What happened, in English. */
  readonly text: string;
  /** For `tree` a `TreeMark`. */
  readonly data: Record<string, unknown>;
  /**
   * A mark with the key of another one that is less than an hour older is the same event, told by another proxy; but for
   * a tree that was left between the two.
   */
  readonly key?: string;
}

/** `data` of a mark of kind `tree`. Units are listed up to a bound; the counts are of all. */
export interface TreeMark {
  /** Version of the tree before; absent where the history begins. */
  readonly from?: string;
  readonly to: string;
  /** Units in the tree by level. */
  readonly levels: Readonly<Record<string, number>>;
  readonly levelsBefore?: Readonly<Record<string, number>>;
  /** Units by level that only the new tree has, or only the old one. */
  readonly added: Readonly<Record<string, number>>;
  readonly removed: Readonly<Record<string, number>>;
  readonly renamed?: Readonly<Record<string, number>>;
  readonly moved?: Readonly<Record<string, number>>;
  /** The first units that changed, the removed ones first. Absent where the older tree was not at hand. */
  readonly units?: readonly {
    readonly code: string;
    readonly label: string;
    readonly change: 'removed' | 'added' | 'renamed' | 'moved';
    /** Of a removed unit what its code means now; of an added one what it meant before. */
    readonly others?: readonly string[];
  }[];
}

/** How long a delivery that is told again is the same one. */
export const SAME_DELIVERY_MS = 7 * STEP_MS.day;

/** What a loader tells of one delivery. */
export interface Delivery {
  /** Its own name for it: told again, it is not counted again. */
  readonly id?: string | undefined;
  /** Where it came from. */
  readonly source?: string | undefined;
  /** How many units were created, amended, removed. */
  readonly changes: Readonly<Partial<Record<'CREATE' | 'AMEND' | 'REMOVE', number | undefined>>>;
}

/** Names what is written, so that what is sent again after a lost answer is not taken twice. */
export interface BatchId {
  /** One for each kind of thing that a process writes. */
  readonly writer: string;
  /** Rises with every batch. */
  readonly sequence: number;
}

/**
 * Where the history lies. Several processes may write into one: counts and sums add up, sketches are merged. Every
 * method rejects where the store can't be reached.
 */
export interface HistoryStore {
  /** Adds points of minutes to what is there, and to the hours and days that they lie in. */
  write(points: readonly SeriesPoint[], batch?: BatchId): Promise<void>;
  /** Points by name, key and time. */
  read(query: HistoryQuery): Promise<SeriesPoint[]>;
  mark(mark: Mark, batch?: BatchId): Promise<void>;
  /**
   * Writes a delivery with its mark and its points, unless one of that name was written less than `SAME_DELIVERY_MS` before.
   * @returns whether it was written: wholly, or not at all
   */
  deliver(name: string, mark: Mark, points: readonly SeriesPoint[]): Promise<boolean>;
  /** Marks with `from <= time < to`, the oldest first; `kinds` narrows them. */
  marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<Mark[]>;
  /** Drops what is past its time and folds rare keys of finished hours and days into `OTHER_KEY`. */
  tidy(now: number): Promise<void>;
}

/** A sentence in the languages of the pages. */
export interface Sentence {
  readonly en: string;
  readonly fr: string;
}

/** How the history fares, for the pages, `stats` and `readyz`. */
export interface HistoryState {
  /** `embedded`: a database in a folder beside the snapshot. */
  readonly store: 'postgres' | 'embedded' | 'off';
  /** Whether the last write arrived. `off` is ok. */
  readonly ok: boolean;
  /** Points held in memory until the store answers again. */
  readonly waiting: number;
  /** Points and marks that were dropped, since the start of this process: the store did not answer for too long, or refused them. */
  readonly lost?: { readonly since: number; readonly points: number };
  /** What is wrong, in words. */
  readonly note?: Sentence;
}

/** What the pages and the search for anomalies read. Where there is no history every list is empty. */
export interface HistoryReader {
  read(query: HistoryQuery): Promise<SeriesPoint[]>;
  marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<Mark[]>;
  state(): HistoryState;
}
