import { LRUCache } from 'lru-cache';
import type { Relation } from '../territory/relation.js';
import type { Reading } from './lucene/index.js';
import type { Target } from './target.js';
import type { CacheStats } from './types.js';
import type { Known, Use } from './use.js';

/** First stage: a shorthand as it was written, read, and the territory that it means. */
export interface Written {
  /** What was written in a body; empty where it was a Lucene string. */
  readonly text: string;
  readonly use: Use;
  readonly known: Known;
}

/** What an expansion is made of. */
export interface ExpansionRequest {
  readonly known: Known;
  readonly relation: Relation | undefined;
  readonly target: Target;
  /** A member of a query in a body, or a clause in a Lucene string. */
  readonly form: 'json' | 'lucene';
  /** Of Lucene clauses only, where a boost is part of the text. */
  readonly boost: string | undefined;
}

/** Second stage: the bytes that a territory becomes for the fields of an index, under a relation. */
export interface Expanded {
  readonly request: ExpansionRequest;
  readonly printed: Buffer;
  /** How many codes it lists. */
  readonly terms: number;
  readonly relation: Relation;
}

/** An entry of either stage, or what a Lucene string says of the shorthand, which depends on no tree. */
export type Entry = { readonly written: Written } | { readonly expanded: Expanded } | { readonly reading: Reading };

/** About what an entry takes beside its texts: objects, keys and the places in the cache's own tables. */
const ENTRY_BYTES = 256;

/** At most about what the nodes of a Lucene string take for each of its characters. */
const READING_BYTES = 100;

/**
 * The expansions of one tree, bounded in bytes, the least recently used leaving first. Both stages share the bound. The
 * counters count look-ups of the second stage, one a place, and live on when the tree changes.
 */
export class ExpansionCache {
  readonly #entries: LRUCache<string, Entry> | undefined;
  readonly #counters: { hits: number; misses: number; evictions: number };

  /** @param maxBytes the bound; 0 keeps nothing */
  constructor(
    readonly maxBytes: number,
    before?: ExpansionCache,
  ) {
    this.#counters = before === undefined ? { hits: 0, misses: 0, evictions: 0 } : before.#counters;
    if (maxBytes <= 0) return;
    this.#entries = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: sizeOf,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.#counters.evictions++;
      },
    });
  }

  written(key: string): Written | undefined {
    const entry = this.#entries?.get(`w${key}`);
    return entry !== undefined && 'written' in entry ? entry.written : undefined;
  }

  keepWritten(key: string, written: Written): void {
    this.#entries?.set(`w${key}`, { written });
  }

  reading(key: string): Reading | undefined {
    const entry = this.#entries?.get(`r${key}`);
    return entry !== undefined && 'reading' in entry ? entry.reading : undefined;
  }

  keepReading(key: string, reading: Reading): void {
    this.#entries?.set(`r${key}`, { reading });
  }

  /** Counts a hit or a miss. */
  expanded(key: string): Expanded | undefined {
    const entry = this.#entries?.get(`e${key}`);
    if (entry === undefined || !('expanded' in entry)) {
      this.#counters.misses++;
      return undefined;
    }
    this.#counters.hits++;
    return entry.expanded;
  }

  keepExpanded(key: string, expanded: Expanded): void {
    this.#entries?.set(`e${key}`, { expanded });
  }

  /** Entries from the most recently used, at most so many, and so many bytes in all. */
  hottest(count: number, bytes: number): (readonly [key: string, entry: Entry])[] {
    const found: [string, Entry][] = [];
    let size = 0;
    for (const [key, entry] of this.#entries?.entries() ?? []) {
      size += sizeOf(entry, key);
      if (found.length >= count || size > bytes) break;
      found.push([key.slice(1), entry]);
    }
    return found;
  }

  clear(): void {
    this.#entries?.clear();
  }

  stats(): CacheStats {
    const { hits, misses, evictions } = this.#counters;
    const asked = hits + misses;
    const [entries, bytes] = [this.#entries?.size ?? 0, this.#entries?.calculatedSize ?? 0];
    return { hits, misses, evictions, entries, bytes, hitRatio: asked === 0 ? 0 : hits / asked };
  }
}

function sizeOf(entry: Entry, key: string): number {
  const fixed = ENTRY_BYTES + key.length;
  if ('expanded' in entry) return fixed + entry.expanded.printed.length;
  if ('reading' in entry) return fixed + READING_BYTES * (entry.reading.text.length + 1);
  const { known, text } = entry.written;
  const values = known.source.kind === 'exists' ? [] : known.source.values;
  const length = values.reduce((sum, value) => sum + value.length, text.length);
  return fixed + length + known.key.length + 8 * (known.territory?.spans.length ?? 0);
}
