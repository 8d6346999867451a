import { formatClock, formatDate, formatWeekday } from './format.js';
import { type Curve, formatValue, type Trend } from './shown-trend.js';
import { timeLabels } from './time-axis.js';
import { DAY } from './trend.js';
import uPlot from './vendor/uplot.js';
import type { ToldMark } from './wire.js';
import { clock } from './zone.js';

interface PlotOptions {
  readonly trend: Trend;
  readonly curve: Curve;
  readonly marks: readonly ToldMark[];
  /** In pixels of the page. */
  readonly height: number;
  /** Told where the cursor is: the place of a point, or undefined where it is nowhere. */
  readonly pointed: (at: number | undefined) => void;
}

/** Draws a curve over the band of what is usual, with a line for each mark. */
export function drawPlot(canvas: HTMLElement, options: PlotOptions): uPlot {
  const { times, values, low, high } = options.curve;
  const data: uPlot.AlignedData = [times.map((time) => time / 1000), [...high], [...low], [...values]];
  return new uPlot(uPlotOptions(canvas, options), data, canvas);
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function uPlotOptions(canvas: HTMLElement, { trend, curve, marks, height, pointed }: PlotOptions): uPlot.Options {
  const size = Number.parseFloat(getComputedStyle(canvas).fontSize);
  const font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colour('axis'), font, ticks: { show: false }, border: { show: false } };
  const [first, last] = [curve.times[0] as number, curve.end];
  const long = last - first > 3 * DAY;
  // A line that can be seen from afar where the letters can.
  const line = size / 6;
  return {
    width: canvas.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: line * 3.5, width: line } },
    padding: [size * 0.8, size * 2, 0, 0],
    scales: {
      // What happened since the last point began is on the chart too.
      x: { range: [first / 1000, last / 1000] },
      y: { range: (_, __, top) => [0, Math.max((top ?? 0) * 1.08, trend.format === 'share' ? 0.01 : 1e-9)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        gap: size * 0.5,
        size: size * 2.2,
        splits: (plot) => {
          const room = plot.bbox.width / devicePixelRatio / (size * (long ? 5 : 4.5));
          return timeLabels(clock, first, last, Math.floor(room)).map((time) => time / 1000);
        },
        values: (_, splits) => splits.map((at) => axisTime(at * 1000, long)),
      },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        gap: size * 0.5,
        size: (_, values) => size * (0.9 + 0.58 * Math.max(1, ...(values ?? []).map((text) => text.length))),
        space: size * 2.6,
        values: (_, splits) => splits.map((value) => (value === 0 ? '0' : formatValue(trend, value))),
      },
    ],
    bands: [{ series: [1, 2], fill: colour('band') }],
    series: [
      {},
      { show: true, stroke: 'transparent', points: { show: false } },
      { show: true, stroke: 'transparent', points: { show: false } },
      {
        ...{ stroke: colour('curve'), width: line, spanGaps: true },
        // One value alone is no line.
        points: {
          show: curve.values.filter((value) => value !== null).length === 1,
          size: line * 3,
          fill: colour('curve'),
        },
      },
    ],
    hooks: {
      draw: [(plot) => drawMarks(plot, marks, size)],
      setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)],
    },
  };
}

function axisTime(time: number, long: boolean): string {
  if (long) return formatDate(time);
  return clock.shownAt(time) % DAY === 0 ? formatWeekday(time) : formatClock(time);
}

/**
 * A new tree is a full line with a triangle on top, a delivery a broken line with a square at its foot: told apart without
 * colour, also where one comes right after the other.
 */
function drawMarks(plot: uPlot, marks: readonly ToldMark[], letter: number): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  for (const { time, kind } of marks) {
    const x = Math.round(plot.valToPos(time / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(kind === 'emergency' ? 'emergency' : 'mark');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = (letter / 8) * scale;
    ctx.setLineDash(kind === 'tree' ? [] : [3 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const [size, top, foot] = [letter * 0.4 * scale, bbox.top, bbox.top + bbox.height];
    ctx.beginPath();
    if (kind === 'tree') {
      ctx.moveTo(x - size, top - size);
      ctx.lineTo(x + size, top - size);
      ctx.lineTo(x, top + size * 0.6);
    } else ctx.rect(x - size * 0.7, foot - size * 1.4, size * 1.4, size * 1.4);
    ctx.fill();
  }
  ctx.restore();
}
