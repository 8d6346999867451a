import { z } from 'zod';
import { distinctMarks } from '../../stats/anomalies/distinct-marks.js';
import type { ToldMark } from '../../stats/anomalies/standup.js';
import { SERIES, type SeriesInfo } from '../../stats/history/series.js';
import {
  KEPT_MS,
  type Mark,
  type SeriesPoint,
  STEP_MS,
  STEPS,
  type Step,
  type TreeMark,
} from '../../stats/history/types.js';
import { Quantiles } from '../../stats/quantiles.js';
import type { TerritoryTree } from '../../territory/tree.js';
import { HistoryUnavailableError, IllegalArgumentError } from '../errors.js';
import * as schemas from '../history-schemas.js';
import { defineRoute, type Route } from '../route.js';
import type { ApiServices } from '../services.js';

/** Steps that one answer may span; a line of a screen has fewer. */
const MOST_STEPS = 3000;
/** Points of one answer: five weeks by the hour of all keys that an hour keeps, which a page asks for, and no more. */
const MOST_POINTS = 300_000;
/** Deliveries of one answer. */
const MOST_DELIVERIES = 500;
/** Trees that are told of. */
const TREES = 20;

const history = defineRoute({
  method: 'get',
  path: '/history',
  summary: 'What was counted, by minute (two days), hour (sixty days) or day',
  query: schemas.historyQuery,
  answers: {
    200: { description: 'The series.', schema: schemas.history },
    503: { description: 'The database of the history does not answer.' },
  },
  async handle({ query, services }) {
    const now = Date.now();
    const { from, to } = stretchOf(query, now);
    const step = query.step ?? finest(from, to, now);
    if ((to - from) / STEP_MS[step] > MOST_STEPS) {
      throw new IllegalArgumentError(`query: [from] to [to] may span ${MOST_STEPS} steps, take a longer [step]`);
    }
    const keys = query.key?.split(',');
    const names = query.series;
    const points = await available(services, () =>
      services.history.read({ names, keys, from, to, step, total: query.total === true, most: MOST_POINTS + 1 }),
    );
    if (points.length > MOST_POINTS) {
      throw new IllegalArgumentError(
        `query: these are more than ${MOST_POINTS} points; name [series] or a [key], add keys up by [total], or take a longer [step]`,
      );
    }
    return { json: { step, from, to, series: seriesOf(points) } };
  },
});

const marks = defineRoute({
  method: 'get',
  path: '/marks',
  summary: 'What happened once: trees, deliveries, emergencies, starts',
  query: schemas.markQuery,
  answers: {
    200: { description: 'In words, the oldest first.', schema: schemas.marks },
    503: { description: 'The database of the history does not answer.' },
  },
  async handle({ query, services }) {
    const now = Date.now();
    const { from, to } = stretchOf(query, now);
    return { json: bounded(await available(services, () => services.marks(from, to, query.kind))) };
  },
});

const deliveries = defineRoute({
  method: 'post',
  path: '/deliveries',
  summary: 'Tell of a delivery',
  description:
    'For a loader of your own: what it delivered is counted, marked in the charts, and named as the cause of what ' +
    'follows it. Tell also of one that brought nothing: when none comes at its usual time, the stand-up says so.',
  changes: true,
  body: schemas.delivery,
  answers: {
    202: {
      description: 'With an `id` it is written; without one it will be, with the next batch.',
      schema: schemas.delivered,
    },
    503: {
      description:
        'No history is kept, or its database does not answer and the delivery has an `id`: tell of it again, it is ' +
        'counted once all the same.',
    },
  },
  async handle({ body, services }) {
    const { deliver } = services;
    if (deliver === undefined) throw new HistoryUnavailableError('no history is kept (history: off)');
    return { status: 202, json: { counted: await available(services, () => deliver(body)) } };
  },
});

const trees = defineRoute({
  method: 'get',
  path: '/trees',
  summary: 'The trees that were in use, and what changed from one to the next',
  answers: {
    200: { description: 'The newest first. Without a history only the tree in use.', schema: schemas.trees },
    503: { description: 'The database of the history does not answer.' },
  },
  async handle({ services }) {
    const marks = distinctMarks(await available(services, () => services.history.marks(0, Date.now() + 1, ['tree'])));
    const { tree } = services.rewriter();
    return { json: { trees: treesOf(marks, tree, services.treeFile) } };
  },
});

const queries = defineRoute({
  method: 'get',
  path: '/queries',
  summary: 'The last requests that were rewritten, refused or failed',
  description: 'Needs the admin right.',
  confidential: true,
  query: z.object({ size: z.coerce.number().int().min(1).max(10_000).default(100) }),
  answers: { 200: { description: 'The requests.', schema: schemas.queries } },
  async handle({ query, services }) {
    return { json: { queries: await services.queries(query.size) } };
  },
});

export const historyRoutes: readonly Route[] = [history, marks, deliveries, trees, queries];

/** Of a loader that delivers every few minutes only the last ones; trees and emergencies are always told. */
function bounded(all: readonly ToldMark[]) {
  const deliveries = all.filter(({ kind }) => kind === 'delivery');
  const left = Math.max(0, deliveries.length - MOST_DELIVERIES);
  const gone = new Set(deliveries.slice(0, left));
  return { marks: all.filter((mark) => !gone.has(mark)), left };
}

/** From when to when a reader asks: a day up to now where nothing is said. */
function stretchOf(query: { readonly from?: string | undefined; readonly to?: string | undefined }, now: number) {
  const to = query.to === undefined ? now : instantOf('to', query.to, now);
  const from = query.from === undefined ? to - STEP_MS.day : instantOf('from', query.from, now);
  return { from, to };
}

/** What a reader of the history gives, or an error that says how the history fares. */
async function available<T>({ history, failed }: ApiServices, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    failed(error);
    throw new HistoryUnavailableError(
      history.state().note?.en ?? "The history can't be read at the moment; the log says why.",
    );
  }
}

/** The finest step that is still kept at `from` and gives no more points than a screen shows. */
function finest(from: number, to: number, now: number): Step {
  return STEPS.find((step) => from >= now - KEPT_MS[step] && (to - from) / STEP_MS[step] <= MOST_STEPS) ?? 'day';
}

const AGO: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function instantOf(name: string, text: string, now: number): number {
  const ago = /^-(\d{1,6})([mhdw])$/.exec(text);
  const time = ago ? now - Number(ago[1]) * AGO[ago[2]!]! : /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw new IllegalArgumentError(
    `query [${name}]: must be milliseconds since 1970, a date or how long ago (-2d), not ${JSON.stringify(text)}`,
  );
}

function seriesOf(points: readonly SeriesPoint[]) {
  const series = new Map<string, { name: SeriesPoint['name']; key: string; points: number[][] }>();
  for (const { name, key, time, count, sum, sketch } of points) {
    const id = `${name} ${key}`;
    let one = series.get(id);
    if (one === undefined) {
      one = { name, key, points: [] };
      series.set(id, one);
    }
    one.points.push(sketch === undefined ? [time, count, sum] : [time, count, sum, ...quantilesOf(name, sketch)]);
  }
  return [...series.values()].map(({ name, key, points: own }) => {
    const { unit, kind }: SeriesInfo = SERIES[name];
    return { name, key, unit, kind, points: own };
  });
}

function quantilesOf(name: SeriesPoint['name'], sketch: Uint8Array): number[] {
  const { scale = 1 }: SeriesInfo = SERIES[name];
  const { p50 = 0, p99 = 0 } = Quantiles.decode(sketch).summary();
  return [p50 / scale, p99 / scale];
}

function treesOf(marks: readonly Mark[], tree: TerritoryTree, file: string | undefined) {
  const data = (mark: Mark) => mark.data as unknown as TreeMark;
  const known = marks.slice(-TREES);
  // A mark of this moment may not be written yet, and without a history there is none.
  const current = { version: tree.version, levels: tree.levelCounts() };
  if (known.at(-1)?.data.to !== current.version) {
    known.push({
      time: Date.now(),
      kind: 'tree',
      text: '',
      data: { to: current.version, ...current, added: {}, removed: {} },
    });
  }
  return known
    .map((mark, i) => {
      const { from, to, levels, added, removed, renamed, moved, units } = data(mark);
      const until = known[i + 1]?.time;
      const isCurrent = i === known.length - 1;
      const diff = { from, added, removed, renamed, moved, units, text: mark.text };
      return {
        version: to,
        since: mark.time,
        ...(until === undefined ? {} : { until }),
        current: isCurrent,
        ...(isCurrent && file !== undefined ? { source: file } : {}),
        units: Object.values(levels).reduce((sum, count) => sum + count, 0),
        levels,
        ...(from === undefined ? {} : { diff }),
      };
    })
    .reverse();
}
