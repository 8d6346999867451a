import { register } from './chart-registry.js';
import { h, put } from './dom.js';
import { formatClock, formatDay, formatMoment, formatQuantity, formatSeconds, formatShare } from './format.js';
import { t } from './language.js';
import { type Curve, DAY, extent, latest, type Trend } from './trend.js';
import uPlot from './vendor/uplot.js';
import type { Mark } from './wire.js';

/** A value of a trend in words. */
export function formatValue({ format }: Trend, value: number): string {
  if (format === 'share') return formatShare(value);
  return format === 'seconds' ? formatSeconds(value) : formatQuantity(value);
}

interface ChartOptions {
  readonly trend: Trend;
  readonly name: string;
  readonly curve: Curve;
  readonly marks: readonly Mark[];
  readonly height: number;
}

/** A curve with the band of what is usual and a line for each mark; beside it the same in words and as a table. */
export function chart({ trend, name, curve, marks, height }: ChartOptions): HTMLElement {
  const range = extent(curve);
  if (range === undefined) return h('p', { class: 'quiet' }, t.trends.none);
  const [low, high] = range;
  const value = (at: number | undefined) => (at === undefined ? '' : formatValue(trend, curve.values[at] as number));
  const summary = t.trends.summary(name, value(latest(curve)), formatValue(trend, low), formatValue(trend, high));
  const readout = h('p', { class: 'readout', 'aria-hidden': 'true' });
  const canvas = h('div', { class: 'canvas', role: 'img', 'aria-label': summary });
  const table = h('details', { class: 'table' }, h('summary', {}, t.trends.table));
  table.addEventListener(
    'toggle',
    () => table.open && table.children.length === 1 && table.append(asTable(trend, name, curve)),
  );
  const span = [curve.times[0] as number, curve.times.at(-1) as number] as const;
  const shown = marks.filter(({ time, kind }) => kind !== 'start' && time >= span[0] && time <= span[1] + DAY);
  const box = h('div', { class: 'chart' }, canvas, readout, table);
  // On a wall everything is larger.
  const tall = Math.round((height * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16);
  let plot: uPlot | undefined;
  const draw = (): void => {
    plot?.destroy();
    plot = new uPlot(optionsOf(trend, canvas, tall, shown, curve, readout), dataOf(curve), canvas);
  };
  const observer = new ResizeObserver(() => {
    if (!canvas.isConnected || canvas.clientWidth === 0) return;
    if (plot === undefined) draw();
    else if (Math.abs(plot.width - canvas.clientWidth) > 1) plot.setSize({ width: canvas.clientWidth, height: tall });
  });
  observer.observe(canvas);
  register({ redraw: () => canvas.isConnected && draw(), isShown: () => canvas.isConnected });
  return box;
}

function dataOf({ times, values, low, high }: Curve): uPlot.AlignedData {
  return [times.map((time) => time / 1000), [...high], [...low], [...values]];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function optionsOf(
  trend: Trend,
  canvas: HTMLElement,
  height: number,
  marks: readonly Mark[],
  curve: Curve,
  readout: HTMLElement,
): uPlot.Options {
  const size = Number.parseFloat(getComputedStyle(canvas).fontSize);
  const font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colour('muted'), font, ticks: { show: false }, border: { show: false } };
  const grid = { stroke: colour('line'), width: 1 };
  const [first, last] = [curve.times[0] as number, curve.times.at(-1) as number];
  const long = last - first > 3 * DAY;
  return {
    width: canvas.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, width: 2 } },
    padding: [10, size * 1.6, 0, 0],
    scales: { y: { range: (_, __, top) => [0, Math.max(top * 1.08, trend.format === 'share' ? 0.01 : 1e-9)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: size * 2,
        space: size * (long ? 7 : 5),
        values: (_, splits) => splits.map((at) => axisTime(at * 1000, long)),
      },
      {
        ...axis,
        grid,
        size: size * 4.6,
        space: size * 2.6,
        values: (_, splits) => splits.map((value) => formatValue(trend, value)),
      },
    ],
    bands: [{ series: [1, 2], fill: colour('band') }],
    series: [
      {},
      { show: true, stroke: 'transparent', points: { show: false } },
      { show: true, stroke: 'transparent', points: { show: false } },
      { stroke: colour('curve'), width: 2, points: { show: false }, spanGaps: true },
    ],
    hooks: {
      draw: [(plot) => drawMarks(plot, marks)],
      setCursor: [({ cursor }) => put(readout, cursor.idx == null ? '' : spoken(trend, curve, cursor.idx))],
    },
  };
}

function axisTime(time: number, long: boolean): string {
  const date = new Date(time);
  return long || (date.getHours() === 0 && date.getMinutes() === 0) ? formatDay(time) : formatClock(time);
}

function spoken(trend: Trend, { times, values, low, high }: Curve, at: number): string {
  const [value, from, to] = [values[at], low[at], high[at]];
  const usual =
    from == null || to == null ? '' : ` (${t.trends.usual(formatValue(trend, from), formatValue(trend, to))})`;
  return `${formatMoment(times[at] as number)} · ${value == null ? '–' : formatValue(trend, value)}${usual}`;
}

/** A new tree is a full line with a triangle, a delivery a broken line with a square: told apart without colour. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  for (const { time, kind } of marks) {
    const x = Math.round(plot.valToPos(time / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(kind === 'emergency' ? 'emergency' : 'mark');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash(kind === 'tree' ? [] : [3 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const [size, top] = [4.5 * scale, bbox.top];
    ctx.beginPath();
    if (kind === 'tree') {
      ctx.moveTo(x - size, top - size);
      ctx.lineTo(x + size, top - size);
      ctx.lineTo(x, top + size * 0.6);
    } else ctx.rect(x - size * 0.7, top - size * 0.9, size * 1.4, size * 1.4);
    ctx.fill();
  }
  ctx.restore();
}

function asTable(trend: Trend, name: string, { times, values, low, high }: Curve): HTMLElement {
  const cell = (value: number | null | undefined) => (value == null ? '–' : formatValue(trend, value));
  const rows = times.map((time, i) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, formatMoment(time)),
      h('td', {}, cell(values[i])),
      h('td', {}, low[i] == null ? '–' : `${cell(low[i])} – ${cell(high[i])}`),
    ),
  );
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
