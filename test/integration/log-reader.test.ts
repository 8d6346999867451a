import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Logs far more than any pipe holds, then tells the memory that it takes, and what it can still log. */
const SCRIPT = `
const { openLog } = await import(${JSON.stringify(new URL('../../dist/cli/open-log.js', import.meta.url).href)});
const { logger } = openLog('info');
const text = 'x'.repeat(1000);
for (let i = 0; i < 200_000; i++) {
  logger.info(text);
  if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
}
process.stderr.write(String(process.memoryUsage().rss));
setInterval(() => logger.info('still here'), 50);
`;

it('holds no more than some megabytes for a reader of the log that has stopped, and goes on when it reads', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const [rss] = await once(child.stderr.setEncoding('utf8'), 'data');
    expect(Number(rss)).toBeLessThan(200 * 1024 * 1024);
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
}, 60_000);
