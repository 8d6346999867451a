import { chart } from './chart.js';
import { h, newId, put } from './dom.js';
import { formatAgo, formatMoment } from './format.js';
import { askHistory } from './history.js';
import { said, t } from './language.js';
import { beginOf, type Range } from './range.js';
import { curveOf, DAY } from './trend.js';
import { trendOf } from './trends-shown.js';
import type { Anomaly, ToldMark } from './wire.js';
import { clock } from './zone.js';

/** The anomalies as sentences; each opens the chart that shows it. What is open stays open when they are told anew. */
export class AnomalyList {
  readonly element = h('section', { class: 'anomalies', 'aria-labelledby': 'anomalies-title', hidden: true });
  readonly #items = new Map<string, { readonly element: HTMLElement; update(anomaly: Anomaly): void }>();
  readonly #list = h('ol', {});
  readonly #now: () => number;
  #marks: readonly ToldMark[] = [];

  constructor(now: () => number) {
    this.#now = now;
    put(this.element, h('h2', { id: 'anomalies-title' }, t.anomalies.title), this.#list);
  }

  marks(marks: readonly ToldMark[]): void {
    this.#marks = marks;
  }

  show(anomalies: readonly Anomaly[]): void {
    this.element.hidden = anomalies.length === 0;
    for (const id of this.#items.keys()) if (!anomalies.some((anomaly) => anomaly.id === id)) this.#items.delete(id);
    const elements = anomalies.map((anomaly) => {
      const item = this.#items.get(anomaly.id) ?? this.#item(anomaly);
      this.#items.set(anomaly.id, item);
      item.update(anomaly);
      return item.element;
    });
    for (const element of [...this.#list.children]) if (!elements.some((one) => one === element)) element.remove();
    // What is moved loses the focus, and a click that began on it: what stands where it belongs is left there.
    for (const [i, element] of elements.entries()) {
      const there = this.#list.children[i];
      if (there !== element) this.#list.insertBefore(element, there ?? null);
    }
  }

  #item(first: Anomaly) {
    let anomaly = first;
    const sentence = h('p', { class: 'sentence' });
    const since = h('p', { class: 'since' });
    const place = h('div', { id: newId('chart'), class: 'place', hidden: true });
    const button = h(
      'button',
      { type: 'button', class: 'plain more', 'aria-expanded': 'false', 'aria-controls': place.id },
      t.anomalies.show,
    );
    button.addEventListener('click', () => {
      place.hidden = !place.hidden;
      button.setAttribute('aria-expanded', String(!place.hidden));
      put(button, place.hidden ? t.anomalies.show : t.anomalies.hide);
      if (!place.hidden) void this.#draw(anomaly, place);
    });
    const element = h('li', {}, h('div', { class: 'words' }, sentence, since), button, place);
    return {
      element,
      update: (next: Anomaly) => {
        anomaly = next;
        const { severity, since: from, until } = anomaly;
        const [told, time] = until === undefined ? [t.anomalies.since, from] : [t.anomalies.over, until];
        element.dataset.severity = String(severity);
        put(sentence, said(anomaly.sentence));
        put(
          since,
          h('span', { class: 'tag' }, t.severity[severity]),
          ` ${told(formatMoment(time))} (${formatAgo(time, this.#now())})`,
        );
      },
    };
  }

  async #draw({ series, key, since, sentence }: Anomaly, place: HTMLElement): Promise<void> {
    const now = this.#now();
    const range: Range = since < beginOf('day', now, clock) ? (since < now - 7 * DAY ? 'month' : 'week') : 'day';
    const trend = trendOf(series, key);
    put(place, h('p', { class: 'quiet' }, t.loading));
    try {
      const history = await askHistory([trend], range, now, key === '' ? 'together' : { key });
      const title = t.trends.names[trend.id];
      const name = key === '' ? title : t.trends.of(title, key);
      const curve = curveOf(trend, history, beginOf(range, now, clock), now, clock);
      put(
        place,
        h('h3', {}, name),
        chart({ trend, name, curve, marks: this.#marks, height: 240 }),
        markList(this.#marks, curve.times[0] ?? now),
      );
    } catch (error) {
      put(place, h('p', { class: 'failed' }, t.failed((error as Error).message)), h('p', {}, said(sentence)));
    }
  }
}

/** The marks of a chart in words. */
export function markList(marks: readonly ToldMark[], from: number): HTMLElement | undefined {
  const shown = marks.filter(({ kind, time }) => kind !== 'start' && time >= from);
  if (shown.length === 0) return undefined;
  return h(
    'ul',
    { class: 'marks' },
    ...shown.map(({ kind, time, sentence }) =>
      h(
        'li',
        { 'data-kind': kind },
        h('time', { datetime: new Date(time).toISOString() }, formatMoment(time)),
        ` ${said(sentence)}`,
      ),
    ),
  );
}
