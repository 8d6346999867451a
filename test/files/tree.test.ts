import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerritoryTree } from '../../src/files/tree.js';
import { TreeCacheCorrupt, TreeCacheForeign, TreeCacheMissing } from '../../src/territory/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tree-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tree = TerritoryTree.build([{ code: 'A:1', label: 'One' }]);
const other = TerritoryTree.build([{ code: 'A:1', label: 'Two' }]);

describe('a snapshot on disk', () => {
  it('loads as the tree that was saved', async () => {
    const file = join(folder, 'a.tree');
    await tree.save(file);
    const loaded = await TerritoryTree.load(file);
    expect(loaded).toBeInstanceOf(TerritoryTree);
    expect(loaded.version).toBe(tree.version);
    expect(loaded.unit('A:1')?.label).toBe('One');
    expect((await stat(file)).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(await readdir(folder)).toEqual(['a.tree']);
  });

  it('is always whole, however many processes save and load it at once', async () => {
    const file = join(folder, 'a.tree');
    await tree.save(file);
    const saves = Array.from({ length: 20 }, (_, i) => (i % 2 ? tree : other).save(file));
    const loads = Array.from({ length: 20 }, () => TerritoryTree.load(file));
    await Promise.all(saves);
    for (const loaded of await Promise.all(loads)) expect([tree.version, other.version]).toContain(loaded.version);
    expect(await readdir(folder)).toEqual(['a.tree']);
  });

  it('that is missing, torn or foreign is an error of ours that names the file', async () => {
    const file = join(folder, 'a.tree');
    await expect(TerritoryTree.load(file)).rejects.toThrow(TreeCacheMissing);
    await expect(TerritoryTree.load(join(file, 'b'))).rejects.toThrow(TreeCacheMissing);
    await expect(TerritoryTree.load(folder)).rejects.toThrow(TreeCacheForeign);
    await writeFile(file, 'hello, this is not a tree at all, but a text of some length');
    await expect(TerritoryTree.load(file)).rejects.toThrow(TreeCacheForeign);
    await expect(TerritoryTree.load(file)).rejects.toThrow(file);
    await tree.save(file);
    await truncate(file, tree.toBuffer().length - 1);
    await expect(TerritoryTree.load(file)).rejects.toThrow(TreeCacheCorrupt);
  });

  it('that can not be written leaves nothing behind', async () => {
    const file = join(folder, 'a.tree');
    await mkdir(file);
    await expect(tree.save(file)).rejects.toThrow();
    await expect(tree.save(join(folder, 'none', 'a.tree'))).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual(['a.tree']);
  });

  it('is left as it was by a save that fails', async () => {
    const file = join(folder, 'a.tree');
    await tree.save(file);
    const before = await readFile(file);
    const broken = TerritoryTree.fromBuffer(other.toBuffer());
    broken.toBuffer = () => {
      throw new Error('no bytes');
    };
    await expect(broken.save(file)).rejects.toThrow('no bytes');
    expect(await readFile(file)).toEqual(before);
  });
});
