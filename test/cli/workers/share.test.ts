import { shareOf } from '../../../src/cli/workers/share.js';
import { loadConfig } from '../../../src/config/load.js';

it('divides among the workers what is bounded for all of them, rounded up, and not the cache', () => {
  const config = loadConfig({ environment: { WORKERS: '3' } });
  const share = shareOf(config);
  expect(share.limits).toEqual({ ...config.limits, inFlight: 342 });
  expect(share.upstream).toEqual({ ...config.upstream, connections: 43 });
  expect(share.cache).toEqual(config.cache);
});
