import type { IncomingMessage } from 'node:http';
import type { Outcome, Plan, RequestHead } from '../query/types.js';
import type { StandupReport, ToldMark } from '../stats/anomalies/standup.js';
import type { Emergencies } from '../stats/emergencies/emergencies.js';
import type { Delivery, HistoryReader, Mark } from '../stats/history/types.js';
import type { QueryLine } from '../stats/query-log.js';
import type { StatsSnapshot } from '../stats/stats.js';
import type { TerritoryTree } from '../territory/tree.js';
import type { EventFeed } from './event-feed.js';
import type { Peer } from './peer.js';

/** What the API asks of a rewriter (src/query has the one). */
export interface ApiRewriter {
  readonly tree: TerritoryTree;
  plan(head: RequestHead): Plan;
  rewrite(head: RequestHead, body: Buffer | undefined): Outcome;
}

/** Whether requests are taken, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly tree: string;
  /** In words: what is wrong, though requests may still be taken. */
  readonly notes: readonly string[];
}

/** The parts of the running proxy that the API shows. */
export interface ApiServices {
  /** The rewriter of the moment: the one of the tree in use. */
  rewriter(): ApiRewriter;
  /** Name of the file that the tree in use was read from, without its folder. */
  readonly treeFile?: string | undefined;
  stats(confidential: boolean): StatsSnapshot | Promise<StatsSnapshot>;
  /** Empties the caches of expansions, in every process. */
  clearCache(): void | Promise<void>;
  metrics(): Promise<{ contentType: string; text: string }>;
  readiness(): Readiness;
  /** What the pages are told as it happens. */
  readonly events: EventFeed;
  /** What was counted in the past. Its methods reject where the database does not answer. */
  readonly history: HistoryReader;
  /** What happened once, in words. Rejects where the database does not answer. */
  marks(from: number, to: number, kinds?: readonly Mark['kind'][]): Promise<ToldMark[]>;
  /** Takes in what a loader tells; false where it was told before. Absent where no history is kept. */
  readonly deliver?: ((delivery: Delivery) => Promise<boolean>) | undefined;
  /** The last requests that were rewritten, refused or failed, the newest first. */
  queries(size: number): Promise<readonly QueryLine[]>;
  /** Whether all is well. @param confidential whether the reader may see what an emergency is about */
  standup(confidential: boolean): StandupReport;
  readonly emergencies: ApiEmergencies;
  /** Told of a fault that is answered with 500. */
  failed(error: unknown): void;
}

/** The process of an emergency (src/stats/emergencies has the one). */
export type ApiEmergencies = Pick<Emergencies, 'policy' | 'list' | 'get' | 'declare' | 'change' | 'close'> & {
  postMortem(id: string, language: 'en' | 'fr'): Promise<string>;
};

export interface ApiOptions {
  /** `all`, `read` (nothing that changes something) or `off`. */
  readonly access: 'all' | 'read' | 'off';
  /** The admin token; without one the right is that of clients on this machine. */
  readonly token: string | null;
  /** Names of the proxy in Host headers, beside those of loopback. */
  readonly hosts: readonly string[];
  /** Folder with the built modules of the pages, where it is not beside this code. */
  readonly web?: string | undefined;
  /** Zone of the times that the pages show, as those in the sentences of the stand-up; UTC where absent. */
  readonly timeZone?: string | undefined;
  /** An index that the pages try queries on, where one is configured. */
  readonly exampleIndex?: string | undefined;
  /** The name that stands for territories in queries; `territory` where absent. */
  readonly shorthand?: string | undefined;
  /** Version of territory-proxy. */
  readonly version: string;
  /** Who sent a request, where that is not what its connection says. */
  readonly peer?: ((request: IncomingMessage) => Peer) | undefined;
}
