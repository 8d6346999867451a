import { RestartBrake } from '../../../src/cli/workers/restart-brake.js';

it('lets all workers die young at once, and then waits longer and longer, up to half a minute', () => {
  const brake = new RestartBrake(2);
  const waits = Array.from({ length: 12 }, () => brake.died(200));
  expect(waits).toEqual([0, 0, 0, 0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

it('forgets the young deaths when a worker has lived for a while', () => {
  const brake = new RestartBrake(1);
  for (let i = 0; i < 5; i++) brake.died(0);
  expect(brake.died(0)).toBeGreaterThan(0);
  expect(brake.died(60_000)).toBe(0);
  expect(brake.died(0)).toBe(0);
});
