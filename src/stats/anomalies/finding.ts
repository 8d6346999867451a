/** Something that is not as it uses to be, before it is put into words. */
export interface Finding {
  /** The same for the same trouble at every look. */
  readonly id: string;
  readonly rule: string;
  readonly series: string;
  readonly key: string;
  /** When it began, in milliseconds since 1970, and how exactly that is known, in milliseconds. */
  readonly since: number;
  readonly within: number;
  /** The last moment at which all was known to be well: what caused it came after. */
  readonly wellUntil: number;
  /** When it ended; absent while it lasts. */
  readonly until?: number;
  readonly figures: Figures;
  /** Part of all traffic that suffers, 0 to 1, and how much speaks against chance. */
  readonly affected: number;
  readonly evidence: number;
  /** Compared with what: earlier weeks, the time before a new tree, a trend over days, a silence. */
  readonly against: 'weeks' | 'tree' | 'trend' | 'silence';
  /** Time of the tree mark where that is the comparison. */
  readonly tree?: number;
}

export type FigureUnit = '%' | 'ms' | 'hits' | 'terms' | 'requests' | 'MB' | 'documents' | 'hours' | 'units';

export interface Figures {
  readonly now: number;
  /** Lowest and highest that is usual. */
  readonly usual: readonly [number, number];
  readonly unit: FigureUnit;
}
