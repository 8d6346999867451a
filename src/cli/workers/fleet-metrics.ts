import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type MetricObject,
  type PrometheusContentType,
  type Registry,
} from 'prom-client';

/** Metrics of several processes, added up as each metric says (`aggregator`). */
export class FleetMetrics {
  /** Of the processes that ended: what they counted stays counted. */
  #gone: readonly object[] = [];

  /**
   * @param registry of this process: gets what is to be told of the processes themselves
   * @param now their number, how many ended as they should not, and how often none could be had in place of one
   */
  constructor(registry: Registry, now: () => { up: number; deaths: number; startFailures: number }) {
    new Gauge({
      name: 'territory_workers',
      help: 'Processes that take requests.',
      registers: [registry],
      collect() {
        this.set(now().up);
      },
    });
    new Counter({
      name: 'territory_worker_deaths_total',
      help: 'Processes that ended though nobody told them to, and were replaced.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(now().deaths);
      },
    });
    new Counter({
      name: 'territory_worker_start_failures_total',
      help: 'Times that the system gave no process in place of one that ended.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(now().startFailures);
      },
    });
  }

  /** Keeps the counts of a process that ended; what it held (gauges) is gone with it. */
  keep(metrics: readonly object[]): void {
    const counts = (metrics as readonly MetricObject[]).filter(({ type }) => String(type) !== 'gauge');
    // Plain values, without the functions of a registry.
    this.#gone = JSON.parse(JSON.stringify(sumOf([this.#gone, counts]).getMetricsAsArray()));
  }

  /** @param processes the metrics of each process, as prom-client gives them; of a maximum or a first one, that of the first */
  async exposition(processes: readonly (readonly object[])[]): Promise<{ contentType: string; text: string }> {
    const registry = sumOf([...processes, this.#gone]);
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}

function sumOf(processes: readonly (readonly object[])[]) {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...processes]);
}
