import type { Express } from 'express';
import { createApi } from '../../src/api/app.js';
import { EventFeed } from '../../src/api/event-feed.js';
import type { ApiOptions, ApiRewriter, ApiServices } from '../../src/api/services.js';
import type { Outcome, RequestHead } from '../../src/query/types.js';
import { Standup } from '../../src/stats/anomalies/standup.js';
import { Emergencies } from '../../src/stats/emergencies/emergencies.js';
import { Deliveries } from '../../src/stats/history/deliveries.js';
import type { SeriesName } from '../../src/stats/history/series.js';
import type { HistoryQuery, HistoryReader, HistoryState, Mark, SeriesPoint } from '../../src/stats/history/types.js';
import { RecentQueries } from '../../src/stats/recent-queries.js';
import { Stats } from '../../src/stats/stats.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { MemoryStore, policy } from '../stats/emergencies/support.js';
import { rewritten, tallyOf } from '../stats/records.js';

/** A small map: Paris as France has it (a commune with its department's atoms), two more departments, one former code. */
export const tree = TerritoryTree.build(
  [
    { code: 'CNTRY:F', label: 'France' },
    { code: 'REG:11', label: 'Île-de-France', parents: ['CNTRY:F'] },
    { code: 'REG:84', label: 'Auvergne-Rhône-Alpes', parents: ['CNTRY:F'] },
    { code: 'DEP:75', label: 'Paris', parents: ['REG:11'] },
    { code: 'DEP:69', label: 'Rhône', parents: ['REG:84'] },
    { code: 'DEP:01', label: 'Ain', parents: ['REG:84'] },
    { code: 'COM:75056', label: 'Paris', parents: ['DEP:75'] },
    { code: 'ARM:75101', label: 'Paris 1er', parents: ['COM:75056'], inhabitants: 16_000 },
    { code: 'ARM:75102', label: 'Paris 2e', parents: ['COM:75056'], inhabitants: 21_000 },
    {
      code: 'COM:69123',
      label: 'Lyon',
      parents: ['DEP:69', 'EPCI:200046977'],
      inhabitants: 520_000,
      former_codes: ['COM:69232'],
    },
    { code: 'COM:69266', label: 'Villeurbanne', parents: ['DEP:69', 'EPCI:200046977'] },
    { code: 'COM:01004', label: 'Ambérieu', parents: ['DEP:01'], postal_codes: ['01500'] },
    { code: 'COM:01234', label: 'Marboz', parents: ['DEP:01'] },
    { code: 'EPCI:200046977', label: 'Métropole de Lyon' },
  ],
  {
    partitions: [
      { name: 'administrative', levels: ['ARM', 'COM', 'DEP', 'REG', 'CNTRY'] },
      { name: 'intercommunal', levels: ['EPCI'] },
    ],
  },
);

/** A rewriter that answers what a test wants, and remembers what it was asked. */
export class FakeRewriter implements ApiRewriter {
  readonly tree = tree;
  readonly asked: { head: RequestHead; body: string | undefined }[] = [];
  cleared = 0;
  outcome: Outcome | Error = { kind: 'pass' };
  planned: 'read' | 'stream' = 'read';

  plan() {
    return { kind: this.planned, endpoint: 'search' };
  }

  rewrite(head: RequestHead, body: Buffer | undefined): Outcome {
    this.asked.push({ head, body: body?.toString() });
    if (this.outcome instanceof Error) throw this.outcome;
    return this.outcome;
  }
}

/** A history that holds what a test puts there. */
export class FakeHistory implements HistoryReader {
  points: SeriesPoint[] = [];
  written: Mark[] = [];
  broken: Error | undefined;
  readonly asked: HistoryQuery[] = [];
  readonly delivered = new Set<string>();

  async read(query: HistoryQuery): Promise<SeriesPoint[]> {
    this.asked.push(query);
    if (this.broken !== undefined) throw this.broken;
    return this.points;
  }

  async marks(from = 0, to = Number.POSITIVE_INFINITY, kinds?: readonly Mark['kind'][]): Promise<Mark[]> {
    if (this.broken !== undefined) throw this.broken;
    return this.written.filter(
      ({ time, kind }) => time >= from && time < to && (kinds === undefined || kinds.includes(kind)),
    );
  }

  mark(mark: Mark): void {
    this.written.push(mark);
  }

  record(name: SeriesName, key: string, count: number, sum = count): void {
    this.points.push({ name, key, time: 0, count, sum });
  }

  async deliver(name: string, mark: Mark, points: readonly SeriesPoint[]): Promise<boolean> {
    if (this.broken !== undefined) throw this.broken;
    if (this.delivered.has(name)) return false;
    this.delivered.add(name);
    this.written.push(mark);
    this.points.push(...points);
    return true;
  }

  state(): HistoryState {
    return { store: 'embedded', ok: this.broken === undefined, waiting: 0 };
  }
}

export interface TestApi {
  /** Where emergencies are kept. */
  store: MemoryStore;
  standup: Standup;
  history: FakeHistory;
  queries: RecentQueries;
  app: Express;
  rewriter: FakeRewriter;
  failures: unknown[];
  services: { ready: boolean };
}

export function testApi(options: Partial<ApiOptions> = {}): TestApi {
  const rewriter = new FakeRewriter();
  const failures: unknown[] = [];
  const state = { ready: true };
  const stats = new Stats({
    cache: () => ({ hits: 3, misses: 1, evictions: 0, entries: 1, bytes: 200, hitRatio: 0.75 }),
    tree: () => ({ version: tree.version, units: tree.unitCount, loadedAt: new Date('2026-01-05T09:00:00Z') }),
    label: (code) => tree.unit(code)?.label,
    suggest: (code) => tree.suggest(code),
  });
  stats.add(tallyOf(rewritten({ hits: 0 }, [{ written: 'DEP:69', codes: ['DEP:69'] }])));
  const history = new FakeHistory();
  const queries = new RecentQueries(10);
  const events = new EventFeed({}, { hello: () => ({}), failed: (error) => void failures.push(error) });
  const store = new MemoryStore();
  const failed = (error: unknown) => void failures.push(error);
  const emergencies = new Emergencies({ store, policy, failed });
  const standup = new Standup(
    {
      history,
      failed,
      label: (code) => tree.unit(code)?.label,
      sketch: () => undefined,
      emergency: () => emergencies.current(),
    },
    { timeZone: 'Europe/Paris' },
  );
  const deliveries = new Deliveries(history, history);
  const services: ApiServices = {
    standup: (confidential) => standup.report(confidential),
    emergencies: {
      policy,
      list: () => emergencies.list(),
      get: (id) => emergencies.get(id),
      declare: (given) => emergencies.declare(given),
      change: (id, given) => emergencies.change(id, given),
      close: (id, given) => emergencies.close(id, given),
      postMortem: (id, language) => emergencies.postMortem(id, { language, timeZone: 'UTC' }),
    },
    events,
    rewriter: () => rewriter,
    treeFile: 'france.tree',
    stats: (confidential) => stats.snapshot(confidential),
    clearCache: () => {
      rewriter.cleared += 1;
    },
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'territory_in_flight 0\n' }),
    readiness: () => ({ ready: state.ready, tree: tree.version, notes: state.ready ? [] : ['the proxy is ending'] }),
    history,
    marks: (from, to, kinds) => standup.marks(from, to, kinds),
    deliver: (delivery) => deliveries.take(delivery),
    queries: async (size) => queries.last(size),
    failed: (error) => void failures.push(error),
  };
  const app = createApi(services, { access: 'all', token: null, hosts: [], version: '1.2.3', ...options });
  return { app, store, standup, rewriter, failures, history, queries, services: state };
}
