import { h, put } from './dom.js';
import { formatClock, formatMoment } from './format.js';
import { said, t } from './language.js';
import { stateSign } from './state-sign.js';
import type { Standup } from './wire.js';

/** The proxy looks a few times a minute; where it tells of no new look for so long, what is shown is no news. */
const OLD_MS = 300_000;

/** The word and the sentence at the top of the stand-up page, and what has to be known beside them. */
export class Hero {
  readonly element = h('section', { class: 'hero', 'data-state': 'loading', 'aria-labelledby': 'state' });
  readonly #word = h('h1', { id: 'state' }, t.loading);
  readonly #sentence = h('p', { class: 'sentence' });
  readonly #notes = h('div', { class: 'notes' });
  readonly #sign = h('div', { class: 'sign-place' });
  readonly #now: () => number;
  #standup: Standup | undefined;
  #seeded = false;
  #lostSince: number | undefined;
  /** When the last new look was told of, by the clock of whoever reads: the proxy's may be another. */
  #toldAt = 0;

  constructor(now: () => number) {
    this.#now = now;
    const words = h('div', { role: 'status', 'aria-live': 'polite' }, this.#word, this.#sentence);
    put(this.element, this.#sign, words, this.#notes);
  }

  show(standup: Standup): void {
    if (standup.at !== this.#standup?.at) this.#toldAt = this.#now();
    this.#standup = standup;
    this.draw();
  }

  /** Says that some of the history is made up. */
  seeded(seeded: boolean): void {
    this.#seeded = seeded;
    this.draw();
  }

  /** Says that nothing is heard of the proxy since a moment, or that it is again. */
  lost(since: number | undefined): void {
    this.#lostSince = since;
    this.draw();
  }

  /** Says that something could not be had. */
  fail(error: unknown): void {
    put(this.#notes, h('p', { class: 'failed' }, t.failed(String(error))));
  }

  /** Draws what is known by now. */
  draw(): void {
    const standup = this.#standup;
    if (standup === undefined) return;
    // Green is for what was looked at.
    const looked = standup.at > 0 || standup.state !== 'well';
    const old = standup.at > 0 && this.#now() - this.#toldAt > OLD_MS;
    const since = this.#lostSince ?? (old ? standup.at : undefined);
    const state = since !== undefined ? 'stale' : looked ? standup.state : 'loading';
    const word = state === 'loading' ? t.looking : t.states[state];
    if (this.#word.textContent !== word) {
      this.element.dataset.state = state;
      put(this.#word, word);
      put(this.#sign, state !== 'loading' && stateSign(state));
      document.title = `${word} · territory-proxy`;
    }
    const text = since === undefined ? said(standup.sentence) : this.#stale(since, standup);
    // A sentence that is the same is not spoken again.
    if (this.#sentence.textContent !== text) put(this.#sentence, text);
    put(this.#notes, ...this.#notesOf(standup));
  }

  #stale(since: number, { state, sentence }: Standup): string {
    const told = this.#lostSince === undefined ? t.stale.notLooked : t.stale.lost;
    return `${told(formatClock(since))} ${t.stale.before(t.states[state], said(sentence))}`;
  }

  #notesOf({ history, learning, sentence }: Standup): HTMLElement[] {
    const note = (kind: string, text: string, more = '') =>
      h('p', { class: 'note', 'data-kind': kind }, text !== '' && h('strong', {}, text), ` ${more}`);
    const list: HTMLElement[] = [];
    // What was lost long ago is no news.
    if (history.lost !== undefined && history.note !== undefined)
      list.push(note('missing', t.history.missing(formatMoment(history.lost.since)), said(history.note)));
    // What the sentence says already is not said again.
    else if (!history.ok)
      list.push(
        note('missing', t.history.down, history.note?.en === sentence.en ? '' : history.note && said(history.note)),
      );
    else if (history.store === 'off') list.push(note('missing', t.history.off));
    if (learning !== undefined) list.push(note('learning', '', said(learning)));
    if (this.#seeded) list.push(note('seeded', t.history.seeded, t.history.seededText));
    return list;
  }
}
