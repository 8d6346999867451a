import type { Config } from '../../config/schema.js';

/**
 * The configuration of one worker: its share, rounded up, of what the operator bounds for the proxy as a whole because
 * Elasticsearch and the machine bear it as a whole. The cache is not divided: each worker meets the same territories.
 */
export function shareOf(config: Config): Config {
  const { workers, limits, upstream } = config;
  const share = (whole: number): number => Math.ceil(whole / workers);
  return {
    ...config,
    limits: { ...limits, inFlight: share(limits.inFlight) },
    upstream: { ...upstream, connections: share(upstream.connections) },
  };
}
