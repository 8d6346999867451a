import type { Config } from '../config/schema.js';
import type { History } from '../stats/history/history.js';
import type { Logger } from '../stats/logger.js';
import type { TerritoryTree } from '../territory/tree.js';
import { AskElasticsearch } from './ask-elasticsearch.js';
import { checkIndex, type IndexReport } from './check-index.js';

const TIMEOUT_MS = 30_000;
const FIRST_AFTER_MS = 60_000;
/** Distinct tags of an index that are looked at, by the thousand: France has 37,000, more are an index gone wrong. */
const OPTIONS = { tags: 100_000, suggest: false };

export interface IndexWatchParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly tree: () => TerritoryTree;
  readonly history: History;
}

/**
 * Looks now and then at the tags of the configured indices, and records what is wrong with them: `tag_faults` by
 * `INDEX:unknown`, `INDEX:former` and `INDEX:missing`, in documents. It asks as the proxy itself; an Elasticsearch that
 * wants a client's credentials is logged once and asked again the next time.
 */
export class IndexWatch {
  readonly #parts: IndexWatchParts;
  #timer: NodeJS.Timeout | undefined;
  #failure = '';

  constructor(parts: IndexWatchParts) {
    this.#parts = parts;
  }

  start(everyMs: number): void {
    if (everyMs <= 0 || this.#parts.config.indices.length === 0) return;
    const again = (afterMs: number): void => {
      this.#timer = setTimeout(() => void this.look().then(() => again(everyMs)), afterMs).unref();
    };
    again(Math.min(FIRST_AFTER_MS, everyMs));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { config, tree, logger } = this.#parts;
    const elasticsearch = new AskElasticsearch(config, TIMEOUT_MS);
    const seen = new Set<string>();
    const failures = new Set<string>();
    for (const [pattern] of config.indices) {
      try {
        for (const report of await checkIndex(elasticsearch.ask, tree(), config.indices, pattern, OPTIONS)) {
          // An index that an earlier pattern matched is that one's.
          if (!seen.has(report.index)) this.#record(report);
          seen.add(report.index);
        }
      } catch (error) {
        failures.add((error as Error).message || String((error as NodeJS.ErrnoException).code));
      }
    }
    await elasticsearch.close();
    const failure = [...failures].join('; ');
    if (failure !== '' && failure !== this.#failure) {
      logger.warn(`the tags of the indices could not be looked at: ${failure}`);
    }
    this.#failure = failure;
  }

  #record({ index, faults, unknown, former, missing }: IndexReport): void {
    if (faults.length > 0) return;
    for (const [kind, tags] of Object.entries({ unknown, former, missing })) {
      const documents = tags.reduce((sum, tag) => sum + tag.documents, 0);
      this.#parts.history.record('tag_faults', `${index}:${kind}`, 1, documents);
    }
  }
}
