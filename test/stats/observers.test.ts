import { Counting } from '../../src/stats/counting.js';
import { Observers } from '../../src/stats/observers.js';
import type { RequestRecord } from '../../src/stats/record.js';
import { Tally } from '../../src/stats/tally.js';
import { passed } from './records.js';

describe('a request that passed as it came', () => {
  it('is counted without a record as it is with one', () => {
    const record = passed({ endpoint: 'bulk', client: '192.0.2.9', upstreamMicros: 7000 });
    const counted = (count: (counting: Counting) => void) => {
      const tally = new Tally();
      const counting = new Counting([{ add: (more) => tally.add(more) }]);
      count(counting);
      counting.flush();
      return tally.toMessage();
    };
    expect(counted((counting) => counting.passed('bulk', '192.0.2.9', 7000))).toEqual(
      counted((counting) => counting.request(record)),
    );
  });

  it('goes to all observers without a record where none wants one', () => {
    const told: unknown[] = [];
    const one = { request: () => told.push('a record'), passed: (...given: unknown[]) => told.push(given) };
    new Observers(one, one).passed?.('search', '192.0.2.9', 5);
    expect(told).toEqual([
      ['search', '192.0.2.9', 5],
      ['search', '192.0.2.9', 5],
    ]);
  });

  it('has a record where one of the observers wants those of all requests', () => {
    const records: RequestRecord[] = [];
    const observers = new Observers(new Counting([]), { request: (record) => void records.push(record) });
    expect(observers.passed).toBeUndefined();
    observers.request(passed());
    expect(records).toHaveLength(1);
  });
});
