import { jest } from '@jest/globals';
import { report } from '../../scripts/lib/soak/report.mjs';
import { Tally } from '../../scripts/lib/soak/tally.mjs';

/** What a soak without a fault found, with what a test changes. */
function found(changes = {}) {
  const samples = Array.from({ length: 100 }, (_, i) => ({ name: 'worker', time: 1000 * i, rss: 100 }));
  return {
    seconds: 100,
    tally: new Tally(),
    samples: [...samples, ...samples.map((sample) => ({ ...sample, name: 'primary' }))],
    before: { files: 20 },
    after: { files: 30 },
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
    { samples: Array.from({ length: 100 }, (_, i) => ({ name: 'worker', time: i, rss: 4 * i })) },
    /memory of the worker/,
  ],
  ['sockets that stay', { after: { files: 300 } }, /sockets are left open/],
  ['a proxy that does not end well', { code: 1 }, /ended with 1/],
])('tells of %s', (_, changes, fault) => {
  expect(report(found(changes), 1).faults.join('\n')).toMatch(fault);
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
