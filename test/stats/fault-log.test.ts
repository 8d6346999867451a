import { faultLog } from '../../src/stats/fault-log.js';
import { createLogger } from '../../src/stats/logger.js';

it('tells of a fault that each request meets once a minute, with how often it was', () => {
  const lines: { message: string; error: { message: string } }[] = [];
  let now = 5;
  const told = faultLog(
    createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    'a request could not be counted',
    () => now,
  );
  for (let i = 0; i < 1000; i++) told(new Error(`bug ${i}`));
  expect(lines.map(({ message, error }) => [message, error.message])).toEqual([
    ['a request could not be counted', 'bug 0'],
  ]);
  now += 60_000;
  told(new Error('bug again'));
  expect(lines[1]?.message).toBe('a request could not be counted: 1000 times since this was last told');
  expect(lines).toHaveLength(2);
});
