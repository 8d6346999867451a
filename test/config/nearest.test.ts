import { nearest } from '../../src/config/nearest.js';

describe('nearest', () => {
  it.each([
    ['limts', 'limits'],
    ['depht', 'depth'],
    ['maxbytes', 'maxBytes'],
    ['ports', 'port'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['limits', 'depth', 'maxBytes', 'port'])).toBe(meant);
  });

  it('knows nothing near a word of its own', () => {
    expect(nearest('colour', ['limits', 'depth'])).toBeUndefined();
  });

  it('prefers the nearest, then the first', () => {
    expect(nearest('host', ['hosts', 'post', 'host'])).toBe('host');
    expect(nearest('hst', ['host', 'hast'])).toBe('host');
  });
});
