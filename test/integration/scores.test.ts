import { asExpected } from './support/scores.js';

test('scores that differ in a last digit are the same, also where rounding would part them', () => {
  expect(asExpected('d1=12.100501 d2=3', 'd1=12.100499 d2=3')).toBe('d1=12.100499 d2=3');
});

test.each([
  ['another score', 'd1=12.101', 'd1=12.1'],
  ['another hit', 'd1=12.1', 'd2=12.1'],
  ['a hit more', 'd1=12.1 d2=1', 'd1=12.1'],
  ['no hit', '', 'd1=12.1'],
  ['a hit without a score', 'd1=undefined', 'd1=12.1'],
  ['an error', 'error 400', 'd1=12.1'],
])('%s is a difference', (_, found, expected) => {
  expect(asExpected(found, expected)).toBe(found);
  expect(asExpected(expected, found)).toBe(expected);
});
