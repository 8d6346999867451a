import { Tops } from '../../src/stats/tops.js';

describe('Tops', () => {
  it('lists the largest first and equal ones by key', () => {
    const tops = new Tops(10);
    for (const key of ['b', 'a', 'c', 'c']) tops.add(key);
    expect(tops.largest(2)).toEqual([
      { key: 'c', count: 2 },
      { key: 'a', count: 1 },
    ]);
  });

  it('keeps the most asked of a hundred thousand keys in the room of a few', () => {
    const tops = new Tops(50);
    let most = 0;
    for (let i = 0; i < 100_000; i += 1) {
      tops.add(`stranger ${i}`);
      if (i % 10 === 0) tops.add('often');
      most = Math.max(most, tops.size);
    }
    expect(most).toBeLessThanOrEqual(100);
    expect(tops.largest(1)).toEqual([{ key: 'often', count: 10_000 }]);
  });

  it('cuts a key of a megabyte', () => {
    const tops = new Tops(1);
    tops.add('x'.repeat(1_000_000));
    expect(tops.largest(1)[0]?.key).toHaveLength(513);
  });

  it('refuses a capacity that is none', () => {
    expect(() => new Tops(0)).toThrow('capacity must be 1 or more, not 0');
  });
});
