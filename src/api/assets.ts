import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** Where the build puts the browser modules, styles and libraries of the pages. */
export const WEB_FOLDER = fileURLToPath(new URL('./web', import.meta.url));

const read = new Map<string, Assets>();

/** The files of a folder, read when they are first asked for. Throws where it was not built. */
export function assetsIn(folder: string = WEB_FOLDER): Assets {
  const assets = read.get(folder) ?? new Assets(folder);
  read.set(folder, assets);
  return assets;
}

export interface Asset {
  readonly contentType: string;
  readonly content: Buffer;
}

/**
 * The files of the pages, read once. All have one hash, which stands in their address: a page loads modules of one build,
 * a browser may keep them for good, and modules name each other by relative paths.
 */
export class Assets {
  /** 16 hex digits of the content of all files. */
  readonly hash: string;
  readonly #files: ReadonlyMap<string, Asset>;

  /** Throws where the folder was not built. */
  constructor(folder: string) {
    const files = new Map<string, Asset>();
    const hash = createHash('sha256');
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const contentType = TYPES[extname(entry)];
      if (contentType === undefined) continue;
      const name = entry.replaceAll('\\', '/');
      const content = readFileSync(join(folder, entry));
      hash.update(`${name}\0${content.length}\0`).update(content);
      files.set(name, { contentType, content });
    }
    if (!files.has('style.css')) throw new Error(`the pages are not built: no style.css in ${folder}`);
    this.hash = hash.digest('hex').slice(0, 16);
    this.#files = files;
  }

  /** A file by its path inside the folder. */
  file(name: string): Asset | undefined {
    return this.#files.get(name);
  }
}
