import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Logs far more than any pipe holds, then tells what it holds of that in memory, and what it can still log. */
const SCRIPT = `
const { openLog } = await import(${JSON.stringify(new URL('../../dist/cli/open-log.js', import.meta.url).href)});
const { logger } = openLog('info');
const text = 'x'.repeat(1000);
for (let i = 0; i < 200_000; i++) {
  logger.info(text);
  if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
}
gc();
const { heapUsed, external } = process.memoryUsage();
process.stderr.write(String(heapUsed + external));
setInterval(() => logger.info('still here'), 50);
`;

it('holds no more than some megabytes for a reader of the log that has stopped, and goes on when it reads', async () => {
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const [held] = await once(child.stderr.setEncoding('utf8'), 'data');
    expect(Number(held)).toBeLessThan(64 * 1024 * 1024);
    let read = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      read = (read + text).slice(-10_000);
    });
    while (!read.includes('still here')) await new Promise((resolve) => setTimeout(resolve, 50));
    // What was dropped left no torn line.
    for (const line of read.split('\n').slice(1, -1)) expect(() => JSON.parse(line)).not.toThrow();
  } finally {
    child.kill('SIGKILL');
  }
});
