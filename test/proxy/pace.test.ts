import { jest } from '@jest/globals';
import { Pace } from '../../src/proxy/pace.js';

let now = 0;
beforeEach(() => {
  now = 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

it('finds a body too slow that brings less than the least in the time it is looked at, and tells how much came', () => {
  const pace = new Pace({ silenceMs: 10_000, bytesPerSecond: 100 });
  for (let i = 0; i < 9; i++) {
    now += 1000;
    pace.came(1);
    expect(pace.tooSlow).toBeUndefined();
  }
  now += 1000;
  expect(pace.tooSlow?.message).toMatch(/^only 9 bytes of the body came within 10000 ms, where 1000 within 10000 ms /);
});

it('lets a body go on for ever that keeps the least, however uneven', () => {
  const pace = new Pace({ silenceMs: 10_000, bytesPerSecond: 100 });
  for (let i = 0; i < 100; i++) {
    now += i % 2 === 0 ? 9000 : 10;
    pace.came(500);
    expect(pace.tooSlow).toBeUndefined();
  }
});

it('is not deceived by a fast beginning', () => {
  const pace = new Pace({ silenceMs: 10_000, bytesPerSecond: 100 });
  pace.came(100_000_000);
  now += 9000;
  pace.came(1);
  now += 1000;
  expect(pace.tooSlow).toBeDefined();
});

it('counts from the moment on at which it is the turn of the client', () => {
  const pace = new Pace({ silenceMs: 10_000, bytesPerSecond: 100 });
  now += 50_000;
  pace.begin();
  expect(pace.tooSlow).toBeUndefined();
  now += 10_000;
  expect(pace.tooSlow).toBeDefined();
});

it('asks for any byte where there is no least, and for nothing where there is no time', () => {
  const anyByte = new Pace({ silenceMs: 10_000, bytesPerSecond: 0 });
  const nothing = new Pace({ silenceMs: 0, bytesPerSecond: 100 });
  now += 9000;
  anyByte.came(1);
  now += 9000;
  expect(anyByte.tooSlow).toBeUndefined();
  now += 1000;
  expect(anyByte.tooSlow).toBeDefined();
  expect(nothing.tooSlow).toBeUndefined();
});
