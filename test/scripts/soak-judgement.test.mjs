import { flatness } from '../../scripts/lib/soak/flatness.mjs';
import { Random } from '../../scripts/lib/soak/random.mjs';
import { Tally } from '../../scripts/lib/soak/tally.mjs';

/** Ten minutes of a process, a sample every five seconds, with the noise of a real one. */
function samples(of = () => ({}), { seconds = 600, name = 'worker', pid = 7 } = {}) {
  const random = new Random(4711);
  const noise = (most) => most * (random.next() - 0.5);
  return Array.from({ length: seconds / 5 }, (_, n) => {
    const age = 5 * n;
    const usual = {
      live: 30 + noise(4),
      rss: 140 + noise(16),
      sockets: 20 + random.below(15),
      files: 35 + random.below(15),
    };
    const more = of(age);
    return {
      name,
      pid,
      age,
      ...Object.fromEntries(Object.entries(usual).map(([key, value]) => [key, value + (more[key] ?? 0)])),
    };
  });
}

test('a process that only swings is flat', () => {
  const { looked, faults } = flatness(samples());
  expect(faults).toEqual([]);
  expect(looked).toMatchObject([{ name: 'worker', pid: 7, seconds: 475 }]);
});

test('what it takes to warm up is no growth', () => {
  const warming = (age) => ({ live: Math.min(age, 120) / 4, rss: Math.min(age, 120), sockets: Math.min(age, 120) / 4 });
  expect(flatness(samples(warming)).faults).toEqual([]);
});

test.each([
  ['live', 45],
  ['rss', 150],
  ['sockets', 90],
  ['files', 90],
])('a leak of [%s] by %d an hour is a fault, with its name', (figure, hour) => {
  const { faults } = flatness(samples((age) => ({ [figure]: (hour * age) / 3600 })));
  expect(faults).toEqual([expect.stringContaining(`worker 7 is not flat: ${figure} grew by`)]);
});

test('each process is judged by itself: one that leaks is not hidden by those that begin anew', () => {
  const young = [11, 12, 13].flatMap((pid) => samples(undefined, { pid, seconds: 60 }));
  const { looked, faults } = flatness([...young, ...samples((age) => ({ live: age / 60 }), { pid: 9 })]);
  expect(looked.map(({ pid }) => pid)).toEqual([9]);
  expect(faults).toHaveLength(1);
});

test('a process that was not up for long enough is not judged', () => {
  expect(flatness(samples((age) => ({ live: age }), { seconds: 200 }))).toEqual({ looked: [], faults: [] });
});

describe('what a disturbance explains', () => {
  const judged = (name, outcome) => {
    const tally = new Tally();
    const calm = tally.disturb(name);
    calm();
    tally.add('plain', Date.now(), outcome);
    tally.judge();
    return tally.unexplained.length;
  };

  test('of a worker that dies: connections that break, and no answer', () => {
    expect(judged('worker', { broken: 'ECONNRESET' })).toBe(0);
    expect(judged('worker', { status: 502 })).toBe(1);
    expect(judged('worker', { status: 500 })).toBe(1);
  });

  test('of an upstream that dies: 502, and answers that break off', () => {
    expect(judged('upstream', { status: 502 })).toBe(0);
    expect(judged('upstream', { broken: 'ECONNRESET' })).toBe(0);
    expect(judged('upstream', { status: 500 })).toBe(1);
    expect(judged('upstream', { status: 429 })).toBe(1);
  });
});
