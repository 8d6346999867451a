import { drawPlot } from './chart-plot.js';
import { register } from './chart-registry.js';
import { chartTable } from './chart-table.js';
import { h, put } from './dom.js';
import { formatMoment } from './format.js';
import { said, t } from './language.js';
import { type Curve, formatUsual, formatValue, type Trend, timeOf } from './shown-trend.js';
import { extent, latest } from './trend.js';
import type uPlot from './vendor/uplot.js';
import type { ToldMark } from './wire.js';

interface ChartOptions {
  readonly trend: Trend;
  readonly name: string;
  readonly curve: Curve;
  readonly marks: readonly ToldMark[];
  readonly height: number;
}

/** Marks that the text in place of the picture tells of: the last ones. */
const TOLD = 6;

/**
 * A curve with the band of what is usual and a line for each mark; beside it the same in words and as a table. Pointing
 * at a place tells its value and what happened there; so do the arrow keys.
 */
export function chart({ trend, name, curve, marks, height }: ChartOptions): HTMLElement {
  const range = extent(curve);
  if (range === undefined) return h('p', { class: 'quiet' }, t.trends.none);
  const shown = marksIn(curve, marks);
  const readout = h('p', { class: 'readout', 'aria-hidden': 'true', hidden: true });
  const spoken = h('p', { class: 'hidden', role: 'status' });
  const canvas = h('div', {
    class: 'canvas',
    role: 'img',
    tabindex: '0',
    'aria-label': inWords(trend, name, curve, range, shown),
  });
  const table = h('details', { class: 'table' }, h('summary', {}, t.trends.table));
  table.addEventListener(
    'toggle',
    () => table.open && table.children.length === 1 && table.append(chartTable(trend, name, curve)),
  );
  // On a wall everything is larger.
  const tall = Math.round((height * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16);
  let plot: uPlot | undefined;
  const pointed = (at: number | undefined): void => {
    readout.hidden = at === undefined;
    if (at === undefined) return;
    readout.dataset.side = at > curve.times.length / 2 ? 'start' : 'end';
    put(readout, ...tellAt(trend, curve, at, shown).map((text) => h('span', {}, text)));
  };
  const draw = (): void => {
    plot?.destroy();
    plot = drawPlot(canvas, { trend, curve, marks: shown, height: tall, pointed });
  };
  const observer = new ResizeObserver(() => {
    if (!canvas.isConnected || canvas.clientWidth === 0) return;
    if (plot === undefined) draw();
    else if (Math.abs(plot.width - canvas.clientWidth) > 1) plot.setSize({ width: canvas.clientWidth, height: tall });
  });
  observer.observe(canvas);
  register({ redraw: () => canvas.isConnected && draw(), isShown: () => canvas.isConnected });
  byKeys(canvas, curve, shown, (at) => {
    const left = at === undefined ? undefined : plot?.valToPos((curve.times[at] as number) / 1000, 'x');
    plot?.setCursor(left === undefined ? { left: -10, top: -10 } : { left, top: 1 });
    put(spoken, at !== undefined && tellAt(trend, curve, at, shown).join('. '));
  });
  return h('div', { class: 'chart' }, canvas, readout, spoken, table);
}

/** Arrow keys move along a curve, from what happened last on, or from its end; away from it nothing is pointed at. */
function byKeys(
  canvas: HTMLElement,
  curve: Curve,
  marks: readonly ToldMark[],
  point: (at: number | undefined) => void,
): void {
  const last = curve.times.length - 1;
  const mark = marks.at(-1);
  let at = mark === undefined ? (latest(curve) ?? last) : curve.times.findLastIndex((time) => time <= mark.time);
  canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && point(at));
  canvas.addEventListener('blur', () => point(undefined));
  canvas.addEventListener('keydown', (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    at = Math.min(Math.max(to, 0), last);
    point(at);
  });
}

/** Those that lie in the span of a curve. That the proxy started is no news. */
function marksIn({ times, end }: Curve, marks: readonly ToldMark[]): ToldMark[] {
  const from = times[0] as number;
  return marks.filter(({ time, kind }) => kind !== 'start' && time >= from && time <= end);
}

function inWords(
  trend: Trend,
  name: string,
  curve: Curve,
  [low, high]: readonly [number, number],
  marks: readonly ToldMark[],
): string {
  const at = latest(curve);
  const now = at === undefined ? '–' : formatValue(trend, curve.values[at] as number);
  const summary = t.trends.summary(name, now, formatValue(trend, low), formatValue(trend, high));
  return [summary, ...marks.slice(-TOLD).map((mark) => `${markInWords(mark)}.`)].join(' ');
}

function markInWords({ time, sentence }: ToldMark): string {
  return `${formatMoment(time)}: ${said(sentence)}`;
}

/** What a place of a curve has to tell: its value, and what happened then. */
function tellAt(trend: Trend, curve: Curve, at: number, marks: readonly ToldMark[]): string[] {
  const [value, time] = [curve.values[at], curve.times[at] as number];
  const usual = formatUsual(trend, curve.low[at], curve.high[at]);
  const told = `${timeOf(curve, at)}: ${value == null ? '–' : formatValue(trend, value)}`;
  // The finger on a mark's line is nearest to the point before it, or to the one after.
  const here = marks.filter((mark) => mark.time >= time - curve.step / 2 && mark.time < time + curve.step);
  return [usual === undefined ? told : `${told} (${t.trends.usual(usual)})`, ...here.map(markInWords)];
}
