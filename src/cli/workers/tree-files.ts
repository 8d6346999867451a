import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerritoryTree } from '../../files/tree.js';
import type { TreeFile } from './calls.js';

/**
 * The trees in use as files of the primary's own, for the workers to read: the snapshot that it watches may be another
 * one by then. They lie in a folder that only this user can enter, and which goes with the process.
 */
export class TreeFiles {
  readonly folder: string;
  readonly #files = new Map<string, string>();
  readonly #atExit: () => void;

  private constructor(folder: string) {
    this.folder = folder;
    this.#atExit = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', this.#atExit);
  }

  /** In the folder for temporary files (TMPDIR), which must be writable. */
  static async create(): Promise<TreeFiles> {
    return new TreeFiles(await mkdtemp(join(tmpdir(), 'territory-proxy-')));
  }

  async add(tree: TerritoryTree): Promise<TreeFile> {
    const { version } = tree;
    let file = this.#files.get(version);
    if (file === undefined) {
      file = join(this.folder, `${version}.tree`);
      await tree.save(file);
      this.#files.set(version, file);
    }
    return { version, file };
  }

  /** The files of these versions that are there, in their order. */
  of(versions: readonly string[]): TreeFile[] {
    return versions.flatMap((version) => {
      const file = this.#files.get(version);
      return file === undefined ? [] : [{ version, file }];
    });
  }

  /** Removes the files of all other versions. */
  async keep(versions: readonly string[]): Promise<void> {
    for (const [version, file] of this.#files) {
      if (versions.includes(version)) continue;
      this.#files.delete(version);
      await rm(file, { force: true });
    }
  }

  async remove(): Promise<void> {
    process.removeListener('exit', this.#atExit);
    await rm(this.folder, { recursive: true, force: true });
  }
}
