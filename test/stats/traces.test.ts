import { openTraces } from '../../src/cli/open-traces.js';
import { createLogger, type Logger } from '../../src/stats/logger.js';
import type { Traces } from '../../src/stats/traces.js';
import { Collector } from './collector.js';
import { passed, refused, rewritten } from './records.js';

const lines: string[] = [];
const logger: Logger = createLogger('info', { write: (line) => void lines.push(line) });
const environment = { ...process.env };
let collector: Collector;
let address: string;

beforeEach(async () => {
  lines.length = 0;
  collector = new Collector();
  address = await collector.listen();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = address;
});

afterEach(async () => {
  process.env = { ...environment };
  await collector.close();
});

async function opened(): Promise<Traces> {
  const traces = await openTraces('1.2.3', logger);
  if (traces === undefined) throw new Error('no traces, though a collector is named');
  return traces;
}

const CLIENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traces', () => {
  it('tell a rewritten request, its rewriting and the part of Elasticsearch, under the span of the client', async () => {
    const traces = await opened();
    const record = rewritten({
      traceparent: CLIENT,
      rewriteMicros: 250,
      rewriteOffsetMicros: 100,
      upstreamMicros: 1500,
      upstreamOffsetMicros: 400,
    });
    traces.request(record);
    await traces.close();
    const [request, rewriting, elasticsearch] = ['search', 'territory.rewrite', 'elasticsearch'].map(
      (name) => collector.spans.find((span) => span.name === name)!,
    );
    expect(collector.spans).toHaveLength(3);
    expect(request).toMatchObject({ traceId: CLIENT.slice(3, 35), parentSpanId: CLIENT.slice(36, 52) });
    expect(rewriting).toMatchObject({ traceId: request!.traceId, parentSpanId: request!.spanId });
    expect(elasticsearch).toMatchObject({ traceId: request!.traceId, parentSpanId: request!.spanId });
    const micros = (nanos: string) => Number(BigInt(nanos) / 1000n) - record.time * 1000;
    expect([rewriting, elasticsearch, request].map((span) => micros(span!.startTimeUnixNano))).toEqual([100, 400, 0]);
    expect([rewriting, elasticsearch, request].map((span) => micros(span!.endTimeUnixNano))).toEqual([350, 1900, 2000]);
    expect(rewriting!.attributes).toContainEqual({ key: 'territory.cache', value: { stringValue: 'miss' } });
    expect(collector.received[0]!.service).toBe('territory-proxy');
  });

  it('tell why a request was refused', async () => {
    const traces = await opened();
    traces.request(refused(['COM:234']));
    await traces.close();
    expect(collector.spans).toMatchObject([{ name: 'search', status: { code: 2, message: 'unknown units COM:234' } }]);
    expect(collector.spans[0]!.parentSpanId).toBeFalsy();
  });

  it('say nothing of what passed as it came, and nothing where the client samples its trace out', async () => {
    const traces = await opened();
    traces.request(passed({ traceparent: CLIENT }));
    traces.request(rewritten({ traceparent: CLIENT.replace(/01$/, '00') }));
    await traces.close();
    expect(collector.spans).toEqual([]);
  });

  it('begin a trace of their own where the client sends a traceparent that is none', async () => {
    const traces = await opened();
    traces.request(rewritten({ traceparent: '00-not-one' }));
    await traces.close();
    expect(collector.spans.find((span) => span.name === 'search')?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('bear the name of the service that the environment gives', async () => {
    process.env.OTEL_SERVICE_NAME = 'search-paris';
    const traces = await opened();
    traces.request(refused(['COM:234']));
    await traces.close();
    expect(collector.received[0]!.service).toBe('search-paris');
  });

  it('that the collector refuses are told in the log, and hold nothing up', async () => {
    collector.status = 400;
    const traces = await opened();
    traces.request(refused(['COM:234']));
    const began = performance.now();
    await traces.close();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(lines.join('')).toContain('traces: ');
  });

  it('are off where no collector is named, and where they are switched off', async () => {
    process.env.OTEL_SDK_DISABLED = 'true';
    expect(await openTraces('1.2.3', logger)).toBeUndefined();
    delete process.env.OTEL_SDK_DISABLED;
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    expect(await openTraces('1.2.3', logger)).toBeUndefined();
  });
});
