import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SEED } from '../support/seed.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/soak.mjs', import.meta.url));

test('half a minute of load with reloads, dead workers and a dead upstream: no wrong answer, nothing lost in silence', async () => {
  const child = spawn(process.execPath, [SCRIPT, '--minutes', '0.4', '--seed', String(SEED), '--clients', '12'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining('wrong answers 0') });
  for (const happened of ['another map is in place', 'is killed', 'killed and started again']) {
    expect(printed).toContain(happened);
  }
});
