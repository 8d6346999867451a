import type { Tally, TallySummary } from './tally.js';
import { SPANS, type Span, Window } from './window.js';

/** Entries of each list in the statistics. */
const LISTED = 20;

/** What the statistics read when they are asked for. */
export interface StatsSources {
  cache(): CacheFigures;
  tree(): TreeFigures;
  /** Label of a current unit. */
  label(code: string): string | undefined;
  suggest(code: string): readonly string[];
}

export interface CacheFigures {
  hits: number;
  misses: number;
  evictions: number;
  entries: number;
  bytes: number;
  /** 0 to 1; 0 before the first look-up. */
  hitRatio: number;
}

export interface TreeFigures {
  version: string;
  units: number;
  loadedAt: Date;
  /** The last snapshot that could not be taken, while the tree in use is older than it. */
  refused?: { at: Date; type: string; reason: string };
}

export interface SpanStats extends TallySummary {
  units: { code: string; label?: string; count: number }[];
  unknownCodes: { code: string; count: number; suggestions: readonly string[] }[];
  /** Only with the right to see query texts: shorthands as written of requests without a hit. */
  withoutHits?: { query: string; count: number }[];
  /** Only with the right to see client addresses. */
  clients?: { address: string; count: number }[];
}

export interface StatsSnapshot {
  cache: CacheFigures;
  tree: { version: string; units: number; loadedAt: string; refused?: { at: string; type: string; reason: string } };
  queries: Record<Span, SpanStats>;
}

/** Tells what was counted over the last minute, hour and day. */
export class Stats {
  readonly #window: Window;
  readonly #sources: StatsSources;

  constructor(sources: StatsSources, now?: () => number) {
    this.#sources = sources;
    this.#window = new Window(now);
  }

  add(tally: Tally): void {
    this.#window.add(tally);
  }

  /** @param confidential whether the reader may see query texts and client addresses */
  snapshot(confidential: boolean): StatsSnapshot {
    const { refused, ...tree } = this.#sources.tree();
    return {
      cache: this.#sources.cache(),
      tree: {
        ...tree,
        loadedAt: tree.loadedAt.toISOString(),
        ...(refused === undefined ? {} : { refused: { ...refused, at: refused.at.toISOString() } }),
      },
      queries: Object.fromEntries(SPANS.map((span) => [span, this.#span(span, confidential)])) as Record<
        Span,
        SpanStats
      >,
    };
  }

  #span(span: Span, confidential: boolean): SpanStats {
    const tally = this.#window.sum(span);
    const stats: SpanStats = {
      ...tally.summary(),
      units: tally.units
        .largest(LISTED)
        .map(({ key, count }) => ({ code: key, label: this.#sources.label(key), count })),
      unknownCodes: tally.unknownCodes
        .largest(LISTED)
        .map(({ key, count }) => ({ code: key, count, suggestions: this.#sources.suggest(key) })),
    };
    if (!confidential) return stats;
    return {
      ...stats,
      withoutHits: tally.withoutHits.largest(LISTED).map(({ key, count }) => ({ query: key, count })),
      clients: tally.clients.largest(LISTED).map(({ key, count }) => ({ address: key, count })),
    };
  }
}
