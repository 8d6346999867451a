import { h } from './dom.js';
import { t } from './language.js';
import { type Curve, formatUsual, formatValue, type Trend, timeOf } from './shown-trend.js';

/** A curve as rows, the newest first. */
export function chartTable(trend: Trend, name: string, curve: Curve): HTMLElement {
  const { times, values, low, high } = curve;
  const rows = times.map((_, i) => {
    const value = values[i];
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, timeOf(curve, i)),
      h('td', {}, value == null ? '–' : formatValue(trend, value)),
      h('td', {}, formatUsual(trend, low[i], high[i]) ?? '–'),
    );
  });
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': name },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...[t.trends.when, name, t.trends.legendUsual].map((text) => h('th', { scope: 'col' }, text))),
      ),
      h('tbody', {}, ...rows.reverse()),
    ),
  );
}
