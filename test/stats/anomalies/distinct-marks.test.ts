import { distinctMarks } from '../../../src/stats/anomalies/distinct-marks.js';
import type { Mark } from '../../../src/stats/history/types.js';

const MINUTE = 60_000;

function tree(minute: number, from: string, to: string): Mark {
  const data = { from, to };
  return { time: minute * MINUTE, kind: 'tree', text: `${from} to ${to}`, data, key: `${from} ${to}` };
}

const told = (...marks: Mark[]) => distinctMarks(marks).map(({ time, text }) => `${time / MINUTE}: ${text}`);

describe('marks', () => {
  it('of one event that two proxies tell are one, the first', () => {
    expect(told(tree(5, 'A', 'B'), tree(2, 'A', 'B'))).toEqual(['2: A to B']);
    expect(told(tree(2, 'A', 'B'), tree(62, 'A', 'B'))).toHaveLength(2);
  });

  it('of a tree that goes A, B, A, B within an hour are three', () => {
    const marks = [tree(0, 'A', 'B'), tree(1, 'A', 'B'), tree(5, 'B', 'A'), tree(6, 'B', 'A'), tree(10, 'A', 'B')];
    expect(told(...marks, tree(11, 'A', 'B'))).toEqual(['0: A to B', '5: B to A', '10: A to B']);
  });

  it('without a key are one where they say the same of the same moment', () => {
    const start: Mark = { time: 1, kind: 'start', text: 'began', data: {} };
    expect(distinctMarks([start, { ...start }, { ...start, time: 2 }])).toHaveLength(2);
  });
});
