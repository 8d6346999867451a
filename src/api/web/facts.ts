import { h } from './dom.js';

/** Names with their values. */
export function facts(rows: readonly (readonly [string, string | Node])[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** Counts by level with those first that have the fewest, and so the largest, units. */
export function largestFirst(counts: Readonly<Record<string, number>>): [level: string, count: number][] {
  return Object.entries(counts).sort(([, a], [, b]) => a - b);
}
