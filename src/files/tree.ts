import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TreeCacheCorrupt, TreeCacheForeign, TreeCacheIncompatible, TreeCacheMissing } from '../territory/errors.js';
import { TerritoryTree as Core } from '../territory/tree.js';

/** The tree of the core, with snapshots on disk. */
export class TerritoryTree extends Core {
  /**
   * The tree in a snapshot file, which is read at once into one buffer; nothing in it is parsed or run.
   *
   * @throws TreeCacheMissing where there is no such file, TreeCacheForeign where it is no snapshot, TreeCacheIncompatible
   * where it is one of another format, TreeCacheCorrupt where it is torn or altered
   */
  static async load(file: string): Promise<TerritoryTree> {
    const bytes = await readAtOnce(file);
    try {
      return TerritoryTree.fromBuffer(bytes);
    } catch (error) {
      for (const Kind of [TreeCacheCorrupt, TreeCacheForeign, TreeCacheIncompatible]) {
        if (error instanceof Kind) throw new Kind(`${file}: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  /**
   * Writes the snapshot to a file, which others may be reading or writing at the same time: they see the old one or the
   * whole new one. The bytes are on disk when the promise is fulfilled.
   */
  async save(file: string): Promise<void> {
    const folder = dirname(file);
    const temporary = join(folder, `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeAndSync(temporary, this.toBuffer());
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(folder);
  }
}

async function readAtOnce(file: string): Promise<Uint8Array> {
  const handle = await openSnapshot(file);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new TreeCacheForeign(`${file} is no file, so no snapshot of a tree`);
    // A buffer of its own, not a part of Node's pool: the views on it need its beginning.
    const bytes = Buffer.allocUnsafeSlow(status.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

async function openSnapshot(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new TreeCacheMissing(`there is no snapshot of a tree at ${file}; make one with territory-proxy tree build`, {
      cause: error,
    });
  }
}

async function writeAndSync(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without this, a crash may lose the new name of the file. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file system looks after names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
