import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint, TreeWatcher } from '../../src/files/tree-watcher.js';

describe('TreeWatcher', () => {
  let folder: string;
  let file: string;
  let taken: string[];
  let refused: string[];
  let loads: number;
  let watcher: TreeWatcher<string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'territory-watcher-'));
    file = join(folder, 'tree');
    taken = [];
    refused = [];
    loads = 0;
    await writeFile(file, 'one');
    watcher = new TreeWatcher({
      file,
      intervalMs: 10,
      load: async (name) => {
        loads += 1;
        const text = await readFile(name, 'utf8');
        if (text.startsWith('torn')) throw new Error(text);
        return text;
      },
      take: (tree) => void taken.push(tree),
      refused: (error) => void refused.push((error as Error).message),
    });
  });

  afterEach(async () => {
    await watcher.stop();
    await rm(folder, { recursive: true });
  });

  const replace = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  const until = async (holds: () => boolean) => {
    for (const end = Date.now() + 60_000; !holds() && Date.now() < end; ) await sleep(10);
    expect(holds()).toBe(true);
  };

  it('takes a file that was renamed into place, by itself', async () => {
    await watcher.start();
    await replace('two');
    await until(() => taken.length > 0);
    expect(taken).toEqual(['two']);
  });

  it('sees another file of the same size', async () => {
    await watcher.start();
    await replace('six');
    await watcher.check();
    expect(taken).toEqual(['six']);
  });

  it('does not read a file that did not change, unless it is forced', async () => {
    await watcher.start();
    await watcher.check();
    expect(loads).toBe(0);
    await watcher.check({ force: true });
    expect(taken).toEqual(['one']);
  });

  it('sees a change between the reading of the first tree and its own start', async () => {
    const seen = await fingerprint(file);
    await replace('two');
    await watcher.start(seen);
    await watcher.check();
    expect(taken).toEqual(['two']);
  });

  it('tells of a bad file once, and takes the good one that follows', async () => {
    await watcher.start();
    await replace('torn in two');
    await watcher.check();
    await watcher.check();
    expect(refused).toEqual(['torn in two']);
    await replace('whole');
    await watcher.check();
    expect(taken).toEqual(['whole']);
  });

  it('tells of a file that is gone once, and takes it when it is back', async () => {
    await watcher.start();
    await rm(file);
    await watcher.check();
    await watcher.check();
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain('ENOENT');
    await replace('back');
    await watcher.check();
    expect(taken).toEqual(['back']);
  });

  it('reads one at a time and ends with the last', async () => {
    await watcher.start();
    for (const text of ['a', 'bb', 'ccc']) {
      await replace(text);
      void watcher.check();
    }
    await watcher.check();
    expect(taken.at(-1)).toBe('ccc');
  });
});
