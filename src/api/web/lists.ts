import { h, put } from './dom.js';
import { facts } from './facts.js';
import { formatBytes, formatSeconds, formatShare, formatWhole } from './format.js';
import { t } from './language.js';
import { unitLink } from './unit-link.js';
import type { WireStats } from './wire.js';

const LISTED = 8;

/** What happened in the last minute, in large figures. */
export class NowStrip {
  readonly element = h('section', { class: 'now', 'aria-labelledby': 'now-title' });
  readonly #figures = h('dl', {});

  constructor() {
    put(this.element, h('h2', { id: 'now-title' }, t.now.title), this.#figures);
  }

  show({ queries: { minute } }: WireStats): void {
    const { requests, rewritten, refused, failed, hits, upstreamMicros } = minute;
    const figure = (name: string, value: string, quiet = false) =>
      h('div', { class: quiet && 'quiet' }, h('dt', {}, name), h('dd', {}, value));
    put(
      this.#figures,
      figure(t.now.requests, formatWhole(requests)),
      figure(t.now.rewritten, formatWhole(rewritten)),
      figure(t.now.withoutHits, hits.known === 0 ? '–' : formatShare(hits.none / hits.known)),
      figure(t.now.refused, formatWhole(refused), refused === 0),
      figure(t.now.failed, formatWhole(failed), failed === 0),
      figure(t.now.latency, timeOf(upstreamMicros.p99)),
    );
  }
}

/** Most asked territories, unknown codes, queries without hits, cache and latency. */
export class Lists {
  readonly element = h('section', { class: 'lists' });

  show(stats: WireStats): void {
    const { day, hour } = stats.queries;
    const { withoutHits } = day;
    const focused = this.element.contains(document.activeElement) && document.activeElement?.getAttribute('href');
    put(
      this.element,
      panel(
        t.lists.asked,
        bars(day.units.map(({ code, label, count }) => ({ name: [unitLink(code), label && ` ${label}`], count }))),
      ),
      panel(
        t.lists.unknown,
        bars(
          day.unknownCodes.map(({ code, count, suggestions }) => ({
            name: [h('code', {}, code), meant(suggestions)],
            count,
          })),
        ),
      ),
      panel(
        t.lists.without,
        withoutHits === undefined
          ? h('p', { class: 'quiet' }, t.lists.secret)
          : bars(withoutHits.map(({ query, count }) => ({ name: [h('code', {}, query)], count }))),
      ),
      h('div', { class: 'panel' }, cacheOf(stats), latencyOf(hour)),
    );
    // Who goes along with the keyboard is not sent back to the beginning.
    const links = [...this.element.querySelectorAll('a')];
    if (focused) links.find((link) => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
  }
}

/** What an unknown code may have been meant for. */
function meant(suggestions: readonly string[]): HTMLElement {
  const codes = suggestions.slice(0, 3).flatMap((code, i) => [i > 0 && ', ', unitLink(code)]);
  return h('span', { class: 'meant' }, ...(codes.length === 0 ? [t.lists.noIdea] : [`${t.lists.meant} `, ...codes]));
}

function timeOf(micros: number | undefined): string {
  return micros === undefined ? '–' : formatSeconds(micros / 1e6);
}

function panel(title: string, ...content: (Node | undefined)[]): HTMLElement {
  return h('div', { class: 'panel' }, h('h2', {}, title), h('p', { class: 'period' }, t.lists.period), ...content);
}

/** Rows with a bar behind each that tells how much it is of the largest. */
function bars(rows: readonly { name: readonly (Node | string | undefined)[]; count: number }[]): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'quiet' }, t.nothing);
  const most = Math.max(...rows.map(({ count }) => count));
  return h(
    'ol',
    { class: 'bars' },
    ...rows.slice(0, LISTED).map(({ name, count }) => {
      const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
      // Not as an attribute: the policy of the page allows none.
      bar.style.inlineSize = `${(100 * count) / most}%`;
      return h('li', {}, h('span', { class: 'name' }, ...name), h('span', { class: 'count' }, formatWhole(count)), bar);
    }),
  );
}

function cacheOf({ cache }: WireStats): HTMLElement {
  const { hits, misses, entries, bytes, hitRatio } = cache;
  return h(
    'div',
    {},
    h('h2', {}, t.cache.title),
    facts([
      [t.cache.ratio, hits + misses === 0 ? '–' : formatShare(hitRatio)],
      [t.cache.hits, formatWhole(hits)],
      [t.cache.misses, formatWhole(misses)],
      [t.cache.entries, formatWhole(entries)],
      [t.cache.size, formatBytes(bytes)],
    ]),
  );
}

function latencyOf({ rewriteMicros, upstreamMicros }: WireStats['queries']['hour']): HTMLElement {
  const row = (name: string, { p50, p99 }: { p50?: number; p99?: number }) =>
    h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, timeOf(p50)), h('td', {}, timeOf(p99)));
  return h(
    'div',
    {},
    h('h2', {}, t.latency.title),
    h(
      'table',
      { class: 'small' },
      h(
        'thead',
        {},
        h('tr', {}, h('td', {}), h('th', { scope: 'col' }, t.latency.half), h('th', { scope: 'col' }, t.latency.most)),
      ),
      h('tbody', {}, row(t.latency.rewrite, rewriteMicros), row(t.latency.upstream, upstreamMicros)),
    ),
  );
}
