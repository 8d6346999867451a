import { chart } from './chart.js';
import { h, newId, put } from './dom.js';
import { fingerUp } from './finger.js';
import { askHistory } from './history.js';
import { t } from './language.js';
import { beginOf, RANGES, type Range } from './range.js';
import { formatUsual, formatValue } from './shown-trend.js';
import { type Curve, curveOf, extent, latest, type Trend } from './trend.js';
import { TRENDS } from './trends-shown.js';
import type { ToldMark, WireHistory } from './wire.js';
import { clock } from './zone.js';

/** Small charts of what is measured, over a span that the reader chooses. */
export class Trends {
  readonly element = h('section', { class: 'trends', 'aria-labelledby': 'trends-title' });
  readonly #grid = h('div', { class: 'grid' }, h('p', { class: 'quiet' }, t.loading));
  readonly #now: () => number;
  readonly #chosen: () => void;
  #range: Range = 'day';
  #marks: readonly ToldMark[] = [];
  #asked = 0;

  /** @param chosen told that the reader chose another span */
  constructor(now: () => number, chosen: () => void) {
    this.#now = now;
    this.#chosen = chosen;
    put(
      this.element,
      h('div', { class: 'title' }, h('h2', { id: 'trends-title' }, t.trends.title), legend(), this.#choice()),
      this.#grid,
    );
  }

  get range(): Range {
    return this.#range;
  }

  marks(marks: readonly ToldMark[]): void {
    this.#marks = marks;
  }

  /** Asks for the history and draws it. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const [now, range] = [this.#now(), this.#range];
    try {
      const history = await askHistory(TRENDS, range, now);
      await fingerUp();
      // The reader may have chosen another span meanwhile.
      if (asked === this.#asked) this.#draw(history, range, now);
    } catch (error) {
      if (asked === this.#asked) put(this.#grid, h('p', { class: 'failed' }, t.failed((error as Error).message)));
    }
  }

  #draw(history: WireHistory, range: Range, now: number): void {
    const focused = this.#grid.contains(document.activeElement) ? document.activeElement : null;
    // A curve that somebody reads with the keyboard stays as it is until they leave it.
    if (focused?.matches('.canvas:focus-visible')) return;
    const focusedTrend = focused?.closest('article')?.dataset.trend;
    const open = new Set(
      [...this.#grid.querySelectorAll('details[open]')].map((details) => details.closest('article')?.dataset.trend),
    );
    const from = beginOf(range, now, clock);
    const curves = TRENDS.map((trend) => ({ trend, curve: curveOf(trend, history, from, now, clock) }));
    if (curves.every(({ curve }) => extent(curve) === undefined)) {
      put(this.#grid, h('p', { class: 'quiet' }, t.trends.nothing));
      return;
    }
    this.#grid.dataset.range = range;
    const cards = curves.map(({ trend, curve }) => this.#card(trend, curve));
    put(this.#grid, ...cards);
    for (const card of cards)
      if (open.has(card.dataset.trend)) for (const details of card.querySelectorAll('details')) details.open = true;
    for (const card of cards)
      if (card.dataset.trend === focusedTrend) card.querySelector('summary')?.focus({ preventScroll: true });
  }

  #card(trend: Trend, curve: Curve): HTMLElement {
    const name = t.trends.names[trend.id];
    const at = latest(curve);
    const [value, low, high] = at === undefined ? [] : [curve.values[at], curve.low[at], curve.high[at]];
    const usual = formatUsual(trend, low, high);
    const id = newId('trend');
    return h(
      'article',
      { class: 'card', 'aria-labelledby': id, 'data-trend': trend.id },
      h('h3', { id }, name),
      h(
        'p',
        { class: 'figure' },
        value == null ? '–' : formatValue(trend, value),
        at !== undefined &&
          h('span', { class: 'usual' }, usual === undefined ? t.trends.noUsual : t.trends.usual(usual)),
      ),
      chart({ trend, name, curve, marks: this.#marks, height: 150 }),
    );
  }

  #choice(): HTMLElement {
    const name = newId('range');
    return h(
      'fieldset',
      { class: 'choice' },
      h('legend', { class: 'hidden' }, t.trends.range),
      ...RANGES.map((range) =>
        h(
          'label',
          {},
          h('input', {
            type: 'radio',
            name,
            value: range,
            checked: range === this.#range,
            onchange: () => {
              this.#range = range;
              void this.refresh();
              this.#chosen();
            },
          }),
          h('span', {}, t.trends.ranges[range]),
        ),
      ),
    );
  }
}

function legend(): HTMLElement {
  const entry = (kind: string, text: string) => h('li', { 'data-kind': kind }, text);
  return h(
    'ul',
    { class: 'legend' },
    entry('curve', t.trends.legendNow),
    entry('band', t.trends.legendUsual),
    entry('tree', t.trends.legendTree),
    entry('delivery', t.trends.legendDelivery),
  );
}
