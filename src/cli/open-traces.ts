import type { Logger } from '../stats/logger.js';
import type { Traces } from '../stats/traces.js';

/** Traces, where the environment names a collector. The library is loaded only then. */
export async function openTraces(version: string, logger: Logger): Promise<Traces | undefined> {
  // The library reads `OTEL_…` from the environment of the process by itself.
  const { env } = process;
  const wanted = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (!wanted || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const { Traces } = await import('../stats/traces.js');
  return new Traces(version, logger);
}
