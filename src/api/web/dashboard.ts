import { AnomalyList } from './anomalies.js';
import { ask, token } from './client.js';
import { h, put } from './dom.js';
import { formatMoment } from './format.js';
import { said, t } from './language.js';
import { Lists, NowStrip } from './lists.js';
import { listen } from './live.js';
import { openShell } from './shell.js';
import { stateSign } from './state-sign.js';
import { type TreeVersion, TreeVersions } from './tree-versions.js';
import { Trends } from './trends.js';
import type { Standup, WireStats } from './wire.js';

/** How often charts and lists are asked for anew; what matters comes as events. */
const REFRESH_MS = 60_000;

const now = (): number => Date.now();
const shell = openShell('dashboard');
const hero = h('section', { class: 'hero', 'data-state': 'loading', 'aria-labelledby': 'state' });
const word = h('h1', { id: 'state' }, t.loading);
const sentence = h('p', { class: 'sentence' });
const notes = h('div', { class: 'notes' });
const sign = h('div', { class: 'sign-place' });
put(hero, sign, h('div', { role: 'status', 'aria-live': 'polite' }, word, sentence), notes);

const anomalies = new AnomalyList(now);
const strip = new NowStrip();
const trends = new Trends(now);
const lists = new Lists();
const versions = new TreeVersions();
put(shell.main, hero, anomalies.element, strip.element, trends.element, lists.element, versions.element);

let drawnMarks = '';

async function refreshStandup(): Promise<void> {
  showStandup(await ask<Standup>('standup'));
}

function showStandup(standup: Standup): void {
  // Green is for what was looked at.
  const looked = standup.at > 0 || standup.state !== 'well';
  const { state } = standup;
  if (!looked) {
    hero.dataset.state = 'loading';
    put(word, t.looking);
    put(sign);
  } else if (hero.dataset.state !== state) {
    hero.dataset.state = state;
    put(word, t.states[state]);
    put(sign, stateSign(state));
    document.title = `${t.states[state]} · territory-proxy`;
  }
  const text = said(standup.sentence);
  // A sentence that is the same is not spoken again.
  if (sentence.textContent !== text) put(sentence, text);
  put(notes, ...notesOf(standup));
  anomalies.show(standup);
  shell.emergency(standup.emergency);
  const marks = JSON.stringify(standup.marks.map(({ time }) => time));
  if (marks === drawnMarks) return;
  drawnMarks = marks;
  void trends.refresh();
  void refreshTrees();
}

function notesOf({ history, learning, marks }: Standup): HTMLElement[] {
  const note = (kind: string, text: string, more?: string) =>
    h('p', { class: 'note', 'data-kind': kind }, h('strong', {}, text), more && ` ${more}`);
  const list: HTMLElement[] = [];
  // What was lost long ago is no news.
  if (history.lost !== undefined && history.note !== undefined)
    list.push(note('missing', t.history.missing(formatMoment(history.lost.since)), history.note && said(history.note)));
  else if (!history.ok) list.push(note('missing', t.history.down, history.note && said(history.note)));
  else if (history.store === 'off') list.push(note('missing', t.history.off));
  if (learning !== undefined) list.push(note('learning', said(learning)));
  if (marks.some(({ data }) => data.seeded === true)) list.push(note('seeded', t.history.seeded, t.history.seededText));
  return list;
}

function showStats(stats: WireStats): void {
  strip.show(stats);
  versions.refused(stats.tree.refused?.reason);
}

async function refreshStats(): Promise<void> {
  const stats = await ask<WireStats>('stats');
  showStats(stats);
  lists.show(stats);
}

async function refreshTrees(): Promise<void> {
  try {
    versions.show((await ask<{ trees: readonly TreeVersion[] }>('trees')).trees, now());
  } catch (error) {
    versions.fail(error as Error);
  }
}

/** What can't be had now is asked for again in a while: the line above the page says whether the proxy answers. */
function attempt(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    if (!(error instanceof TypeError)) put(notes, h('p', { class: 'failed' }, t.failed(String(error))));
  });
}

listen({
  // The event says that something changed; what this reader may see of it is asked for.
  standup: () => attempt(refreshStandup),
  stats: showStats,
  connection: (lostSince) => shell.connection(lostSince),
});
attempt(refreshStandup);
attempt(refreshStats);
setInterval(() => {
  if (document.hidden) return;
  attempt(refreshStats);
  void trends.refresh();
}, REFRESH_MS);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) attempt(refreshStats);
});
if (token() !== null) attempt(refreshStats);
