interface Drawn {
  redraw(): void;
  /** Whether it is still on the page. */
  isShown(): boolean;
}

const charts = new Set<Drawn>();

/** Notes a chart that has to be drawn anew when the colours change. */
export function register(chart: Drawn): void {
  for (const other of charts) if (!other.isShown()) charts.delete(other);
  charts.add(chart);
}

/** Draws every chart anew, in the colours of the moment. */
export function redrawCharts(): void {
  for (const chart of charts) chart.redraw();
}
