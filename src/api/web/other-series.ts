import { chart } from './chart.js';
import { h, put } from './dom.js';
import { fingerUp } from './finger.js';
import { askHistory } from './history.js';
import { t } from './language.js';
import { beginOf, type Range } from './range.js';
import { type Curve, curveOf, extent, type Trend } from './trend.js';
import { OTHERS } from './trends-shown.js';
import type { ToldMark, WireHistory } from './wire.js';
import { clock } from './zone.js';

/** Curves of one series, of the keys that have the most. */
const MOST = 6;

/** All series that have no chart of their own, for whoever wants to know more: each is asked for when it is opened. */
export class OtherSeries {
  readonly element = h('section', { class: 'other-series', 'aria-labelledby': 'other-series-title' });
  readonly #now: () => number;
  readonly #range: () => Range;
  readonly #items: readonly Item[];
  #marks: readonly ToldMark[] = [];

  /** @param range the span that the reader chose */
  constructor(now: () => number, range: () => Range) {
    this.#now = now;
    this.#range = range;
    this.#items = OTHERS.map((other) => this.#item(other));
    put(
      this.element,
      h(
        'details',
        {},
        h('summary', {}, h('h2', { id: 'other-series-title' }, t.trends.others)),
        h('ul', {}, ...this.#items.map(({ details }) => h('li', {}, details))),
      ),
    );
  }

  marks(marks: readonly ToldMark[]): void {
    this.#marks = marks;
  }

  /** Draws anew what is open, but for what somebody reads with the keyboard or as a table. */
  async refresh(): Promise<void> {
    const open = this.#items.filter(({ details }) => details.open && !isRead(details));
    await Promise.all(open.map((item) => this.#draw(item)));
  }

  #item(other: (typeof OTHERS)[number]): Item {
    const place = h('div', { class: 'place' });
    const details = h('details', {}, h('summary', {}, t.trends.names[other.trend.id]), place);
    const item = { ...other, details, place };
    details.addEventListener('toggle', () => {
      if (details.open) void this.#draw(item);
      else put(place);
    });
    return item;
  }

  async #draw({ trend, byKey, details, place }: Item): Promise<void> {
    const [now, range] = [this.#now(), this.#range()];
    if (place.children.length === 0) put(place, h('p', { class: 'quiet' }, t.loading));
    try {
      const history = await askHistory([trend], range, now, byKey ? 'each' : 'together');
      await fingerUp();
      // Closed meanwhile, or another span was chosen, or somebody has begun to read.
      if (!details.open || range !== this.#range() || isRead(details)) return;
      const curves = (byKey ? keysOf(history, trend) : [undefined]).map((key) => {
        const one = key === undefined ? trend : { ...trend, key };
        return { trend: one, curve: curveOf(one, history, beginOf(range, now, clock), now, clock) };
      });
      put(place, ...this.#charts(curves));
    } catch (error) {
      put(place, h('p', { class: 'failed' }, t.failed((error as Error).message)));
    }
  }

  #charts(curves: readonly { trend: Trend; curve: Curve }[]): HTMLElement[] {
    const shown = curves.filter(({ curve }) => extent(curve) !== undefined).slice(0, MOST);
    if (shown.length === 0) return [h('p', { class: 'quiet' }, t.trends.none)];
    return shown.map(({ trend, curve }) => {
      const title = t.trends.names[trend.id];
      const name = trend.key === undefined ? title : t.trends.of(title, trend.key);
      return h(
        'div',
        {},
        trend.key !== undefined && h('h3', {}, trend.key),
        chart({ trend, name, curve, marks: this.#marks, height: 150 }),
      );
    });
  }
}

interface Item {
  readonly trend: Trend;
  readonly byKey: boolean;
  readonly details: HTMLDetailsElement;
  readonly place: HTMLElement;
}

function isRead(details: HTMLElement): boolean {
  return details.querySelector('.canvas:focus-visible, .table[open]') !== null;
}

/** Keys of a series, those first of which there was the most lately. */
function keysOf(history: WireHistory, { part }: Trend): string[] {
  return history.series
    .filter(({ name }) => name === part)
    .map(({ key, points }) => ({ key, amount: points.slice(-48).reduce((all, [, , sum]) => all + sum, 0) }))
    .sort((a, b) => b.amount - a.amount)
    .map(({ key }) => key);
}
