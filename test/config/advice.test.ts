import { advice } from '../../src/config/advice.js';
import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/schema.js';

const withLimits = (limits: Partial<Config['limits']>): Config => {
  const config = loadConfig({ environment: {} });
  return { ...config, limits: { ...config.limits, ...limits } };
};

it('has nothing to say of the defaults', () => {
  expect(advice(withLimits({}))).toEqual([]);
});

it('warns of a body limit that no body which is read can use, for it needs more than all may keep', () => {
  expect(advice(withLimits({ bodyBytes: 1001, expandedBytes: 1000, bufferedBytes: 1000 }))).toEqual([
    expect.stringMatching(/^limits\.bodyBytes is 1001, and limits\.bufferedBytes only 1000: .*_bulk/),
  ]);
  expect(advice(withLimits({ bodyBytes: 1000, expandedBytes: 1001, bufferedBytes: 1000 }))).toEqual([
    expect.stringMatching(/^limits\.expandedBytes is 1001, and limits\.bufferedBytes only 1000: /),
  ]);
});
