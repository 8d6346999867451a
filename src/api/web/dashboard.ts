import { AnomalyList } from './anomalies.js';
import { ask } from './client.js';
import { put } from './dom.js';
import { fingerUp } from './finger.js';
import { Hero } from './hero.js';
import { askMarks } from './history.js';
import { Lists, NowStrip } from './lists.js';
import { listen } from './live.js';
import { OtherSeries } from './other-series.js';
import { openShell } from './shell.js';
import { type TreeVersion, TreeVersions } from './tree-versions.js';
import { Trends } from './trends.js';
import type { Standup, WireStats } from './wire.js';

/** How often charts are asked for anew; what matters comes as events. */
const REFRESH_MS = 60_000;
/** How often lists are, while something passes through the proxy. */
const LISTS_MS = 15_000;

const now = (): number => Date.now();
const shell = openShell('dashboard');
const hero = new Hero(now);
const anomalies = new AnomalyList(now);
const strip = new NowStrip();
const trends = new Trends(now, () => attempt(() => others.refresh()));
const others = new OtherSeries(now, () => trends.range);
const lists = new Lists();
const versions = new TreeVersions();
put(shell.main, ...[hero, anomalies, strip, trends, others, lists, versions].map(({ element }) => element));

let happened: string | undefined;

async function refreshStandup(): Promise<void> {
  const standup = await ask<Standup>('standup');
  hero.show(standup);
  anomalies.show(standup.anomalies);
  shell.emergency(standup.emergency);
  const marks = JSON.stringify(standup.marks.map(({ time }) => time));
  if (marks === happened) return;
  happened = marks;
  attempt(refreshHistory);
  attempt(refreshTrees);
}

async function refreshHistory(): Promise<void> {
  try {
    const marks = await askMarks(now());
    trends.marks(marks);
    others.marks(marks);
    anomalies.marks(marks);
    hero.seeded(marks.some(({ data }) => data.seeded === true));
  } finally {
    // Without its marks a curve is still one; without its history it says so itself.
    await Promise.all([trends.refresh(), others.refresh()]);
  }
}

function showStats(stats: WireStats): void {
  strip.show(stats);
  versions.refused(stats.tree.refused?.reason);
}

let listed = 0;
let due: number | undefined;

/** Asks for the lists anew, now or when they were not asked for a while. */
function refreshLists(): void {
  if (document.hidden) return;
  due ??= window.setTimeout(
    () => {
      due = undefined;
      attempt(refreshStats);
    },
    Math.max(0, listed + LISTS_MS - now()),
  );
}

async function refreshStats(): Promise<void> {
  listed = now();
  const stats = await ask<WireStats>('stats');
  showStats(stats);
  await fingerUp();
  lists.show(stats);
}

async function refreshTrees(): Promise<void> {
  try {
    const { trees } = await ask<{ trees: readonly TreeVersion[] }>('trees');
    await fingerUp();
    versions.show(trees, now());
  } catch (error) {
    versions.fail(error as Error);
  }
}

/** What can't be had now is asked for again in a while: the line above the page says whether the proxy answers. */
function attempt(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    if (!(error instanceof TypeError)) hero.fail(error);
  });
}

function refreshAll(): void {
  happened = undefined;
  attempt(refreshStandup);
  attempt(refreshStats);
}

let isLost = false;
listen({
  // The event says that something changed; what this reader may see of it is asked for.
  standup: () => attempt(refreshStandup),
  stats: (stats) => {
    showStats(stats);
    refreshLists();
  },
  connection: (lostSince) => {
    shell.connection(lostSince);
    hero.lost(lostSince);
    // What happened meanwhile was told to nobody.
    if (isLost && lostSince === undefined) refreshAll();
    isLost = lostSince !== undefined;
  },
});
refreshAll();
setInterval(() => {
  hero.draw();
  if (document.hidden) return;
  attempt(refreshStats);
  attempt(refreshHistory);
}, REFRESH_MS);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) attempt(refreshStats);
});
