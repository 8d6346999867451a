import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../scripts/lib/lock.mjs';

const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-lock-'));
const file = join(folder, 'lock');
afterAll(() => rmSync(folder, { recursive: true }));

describe('a lock between processes', () => {
  test('lets one work at a time', async () => {
    let atWork = 0;
    const seen = [];
    const work = async () => {
      atWork += 1;
      seen.push(atWork);
      await sleep(20);
      atWork -= 1;
    };
    await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
    expect(seen).toEqual([1, 1, 1]);
  });

  test('is free again when the work failed', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  test('is taken over from a process that died', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(file, String(pid));
    expect(await withLock(file, async () => 'done')).toBe('done');
  });
});
