import { WholeLines } from '../../../src/cli/workers/whole-lines.js';

it('passes whole lines on, however they come, and an unfinished one at the end', () => {
  const written: string[] = [];
  const lines = new WholeLines((text) => written.push(text));
  lines.add('one\ntw');
  lines.add('o');
  lines.add('\nthree\nfour\nfi');
  expect(written).toEqual(['one\n', 'two\nthree\nfour\n']);
  lines.end();
  lines.end();
  expect(written.at(-1)).toBe('fi\n');
  expect(written).toHaveLength(3);
});
