import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from './support/random.js';

const WRITER = fileURLToPath(new URL('./support/history-writer.mjs', import.meta.url));
/** `TEST_KILLS` for a longer run. */
const KILLS = Number(process.env.TEST_KILLS ?? 6);

interface Found {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly day: readonly number[];
  readonly marks: number;
}

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-killed-'));
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await rm(folder, { recursive: true });
});

it(
  'a history whose writers are killed in the middle of a write opens again each time, with all that was written and no half of a batch',
  async () => {
    const random = new Random(7);
    let least = 0;
    let most = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const writer = fork(WRITER, [folder, `writer ${kill}`, '300'], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      child = writer;
      let errors = '';
      writer.stderr!.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      // By then all that it told has come, which may be later than its end.
      const silent = once(writer, 'disconnect');
      const exit = once(writer, 'exit');
      const ended = exit.then(() => Promise.reject(new Error(`the writer ended by itself: ${errors}`)));
      ended.catch(() => undefined); // it does, once it is killed
      const next = async () => ((await Promise.race([once(writer, 'message'), ended])) as [object])[0];
      const { found } = (await next()) as { found: Found };
      // Every key and every step has the same count: the batches that arrived, and none of them in part.
      for (const step of ['minute', 'hour', 'day'] as const) {
        expect(found[step]).toHaveLength(kill === 0 ? 0 : 1);
        expect(found[step]).toEqual(found.day);
      }
      const [count = 0] = found.day;
      expect(count).toBeGreaterThanOrEqual(least);
      expect(count).toBeLessThanOrEqual(most);
      // Each killed writer may have left one batch whose mark it did not come to.
      expect(found.marks).toBeGreaterThanOrEqual(count - kill);
      expect(found.marks).toBeLessThanOrEqual(count);
      let written = 0;
      writer.on('message', (message: { written: number }) => {
        written = message.written;
      });
      await next();
      await wait(random.below(300));
      writer.kill('SIGKILL');
      await Promise.all([exit, silent]);
      least = count + written;
      // One more may have arrived that it could not tell of.
      most = least + 1;
    }
  },
  300_000 + KILLS * 60_000,
);
