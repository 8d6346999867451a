import {
  type Context,
  type DiagLogger,
  DiagLogLevel,
  diag,
  type HrTime,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from './logger.js';
import type { Observer, RequestRecord } from './record.js';

/** A collector that does not answer holds the end of the process up no longer than this, in ms. */
const LONGEST_FLUSH_MS = 2_000;

/**
 * OpenTelemetry spans of the requests that were rewritten, refused or could not be carried out: one for the request as
 * the proxy saw it, and under it one for the rewriting and one for Elasticsearch. The parent is the client's
 * `traceparent`, which goes on to Elasticsearch as it came. Where the spans go, and how many, say the environment
 * variables `OTEL_…` (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 *
 * Spans are made from the record when a request is over, so that the data path does nothing for them.
 */
export class Traces implements Observer {
  readonly #provider: NodeTracerProvider;
  readonly #tracer: Tracer;
  readonly #logger: Logger;

  /** @param version of territory-proxy */
  constructor(version: string, logger: Logger) {
    this.#logger = logger;
    diag.setLogger(asDiagLogger(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    const own = resourceFromAttributes({ 'service.name': 'territory-proxy', 'service.version': version });
    this.#provider = new NodeTracerProvider({
      // What the environment says of the service (OTEL_SERVICE_NAME) stands over its own name.
      resource: defaultResource()
        .merge(own)
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    // No context manager: nothing here looks for "the current span", and following every callback costs time.
    this.#provider.register({ contextManager: null });
    this.#tracer = this.#provider.getTracer('territory-proxy', version);
  }

  /** None of those is told of. */
  passed(): void {}

  request(record: RequestRecord): void {
    if (record.outcome === 'passed') return;
    const { time, endpoint, error, outcomeDetail: detail } = record;
    const span = this.#tracer.startSpan(
      endpoint,
      {
        kind: SpanKind.SERVER,
        startTime: instant(time, 0),
        attributes: {
          'http.request.method': record.method,
          'http.response.status_code': record.status,
          'url.path': record.path,
          'territory.outcome': record.outcome,
          'territory.tree_version': record.treeVersion,
        },
      },
      parentOf(record),
    );
    if (error !== undefined) {
      span.setAttribute('error.type', error.type);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.reason });
    }
    const inside = trace.setSpan(ROOT_CONTEXT, span);
    if (detail !== undefined) {
      this.#part(
        inside,
        'territory.rewrite',
        SpanKind.INTERNAL,
        time,
        record.rewriteOffsetMicros,
        record.rewriteMicros,
        {
          'territory.places': detail.places,
          'territory.terms': detail.replaced.reduce((sum, place) => sum + place.terms, 0),
          'territory.cache': detail.cache,
        },
      );
    }
    this.#part(inside, 'elasticsearch', SpanKind.CLIENT, time, record.upstreamOffsetMicros, record.upstreamMicros, {
      'db.system.name': 'elasticsearch',
      'db.operation.name': endpoint,
      'http.response.status_code': record.upstreamStatus,
    });
    span.end(instant(time, record.totalMicros ?? 0));
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_FLUSH_MS);
    });
    await Promise.race([this.#provider.shutdown(), limit])
      .catch((error: Error) => this.#logger.warn(`traces: the last spans were not taken: ${error.message}`))
      .finally(() => clearTimeout(timer));
    trace.disable();
    propagation.disable();
    diag.disable();
  }

  #part(
    parent: Context,
    name: string,
    kind: SpanKind,
    time: number,
    offsetMicros: number | undefined,
    micros: number | undefined,
    attributes: Record<string, string | number | undefined>,
  ): void {
    if (offsetMicros === undefined || micros === undefined) return;
    this.#tracer
      .startSpan(name, { kind, startTime: instant(time, offsetMicros), attributes }, parent)
      .end(instant(time, offsetMicros + micros));
  }
}

/** Seconds and nanoseconds since 1970: microseconds don't fit beside milliseconds in one number. */
function instant(millis: number, micros: number): HrTime {
  const seconds = Math.floor(millis / 1000);
  const nanos = Math.round((millis - seconds * 1000) * 1e6 + micros * 1000);
  return [seconds + Math.floor(nanos / 1e9), nanos % 1e9];
}

function parentOf({ traceparent, tracestate }: RequestRecord): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });
}

function asDiagLogger(logger: Logger): DiagLogger {
  const ignore = (): void => {};
  return {
    error: (message) => logger.warn(`traces: ${message}`),
    warn: (message) => logger.warn(`traces: ${message}`),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
}
