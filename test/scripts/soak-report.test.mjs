import { jest } from '@jest/globals';
import { report } from '../../scripts/lib/soak/report.mjs';
import { Tally } from '../../scripts/lib/soak/tally.mjs';

/** What a process noted in ten minutes. */
function samplesOf(name, pid, liveOf = () => 30) {
  return Array.from({ length: 120 }, (_, i) => {
    return { name, pid, age: 5 * i, live: liveOf(5 * i), rss: 140, sockets: 20, files: 40 };
  });
}

/** What a soak without a fault found, with what a test changes. */
function found(changes = {}) {
  return {
    seconds: 600,
    clients: 24,
    tally: new Tally(),
    samples: [...samplesOf('worker', 2), ...samplesOf('primary', 1)],
    before: { pid: 2, sockets: 4 },
    after: [2, 3].map((pid) => ({ pid, sockets: 20 })),
    twice: [],
    code: 0,
    lines: [],
    ...changes,
  };
}

/** A tally of one request with this outcome. */
function tallyOf(outcome) {
  const tally = new Tally();
  tally.add('term', Date.now(), outcome);
  tally.judge();
  return tally;
}

it('finds nothing wrong with a good run', () => {
  expect(report(found({ tally: tallyOf({ status: 200 }) }), 1).faults).toEqual([]);
});

it.each([
  ['a wrong answer', { tally: tallyOf({ status: 200, wrong: 'DEP:1 came as DEP:2' }) }, /wrong answer: term: DEP:1/],
  ['a request without an end', { tally: tallyOf({ hung: true }) }, /no end: term/],
  ['an error for no reason', { tally: tallyOf({ status: 502, body: 'x' }) }, /failed for no reason: term status 502/],
  ['a connection broken for no reason', { tally: tallyOf({ broken: 'ECONNRESET' }) }, /term ECONNRESET/],
  ['a bulk that came twice', { twice: ['3-4'] }, /reached the upstream twice, or not at all: 3-4/],
  [
    'memory that grows',
    { samples: [...samplesOf('worker', 2, (age) => age / 10), ...samplesOf('primary', 1)] },
    /worker 2 is not flat: live grew by/,
  ],
  ['a run of which no process could be judged', { samples: samplesOf('worker', 2) }, /no primary .* judged/],
  ['sockets that stay', { after: [{ pid: 3, sockets: 60 }] }, /worker 3 has 60 sockets after the load/],
  ['a proxy that does not end well', { code: 1 }, /ended with 1/],
])('tells of %s', (_, changes, fault) => {
  expect(report(found(changes), 1).faults.join('\n')).toMatch(fault);
});

it('says that a short run tells nothing of memory', () => {
  const { lines, faults } = report(found({ seconds: 30, samples: [] }), 1);
  expect(faults).toEqual([]);
  expect(lines.join('\n')).toContain('memory is not judged');
});

it('lets a disturbance explain an error while it lasts, and no later', () => {
  const tally = new Tally();
  const calm = tally.disturb('upstream');
  tally.add('term', Date.now(), { status: 502 });
  tally.judge();
  expect(tally.unexplained).toEqual([]);
  calm();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
  tally.add('term', Date.now(), { status: 502 });
  clock.mockRestore();
  tally.judge();
  expect(tally.unexplained).toHaveLength(1);
});
