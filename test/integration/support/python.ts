import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../src/files/cache-folder.js';

const run = promisify(execFile);

const PACKAGE = 'elasticsearch[async]==8.19.3';

/**
 * A Python with the official client and its DSL, in a virtual environment of the cache folder; made from PyPI the
 * first time.
 * @returns the path of its interpreter
 * @throws when there is no Python 3 with `venv`, or PyPI does not give the package
 */
export async function pythonWithClient(): Promise<string> {
  const { stdout: version } = await run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).catch(
    (cause) => {
      throw new Error('The tests of the Python client need python3 with its venv module: install it.', { cause });
    },
  );
  const cache = cacheFolder();
  const home = join(cache, `python-${version.trim()}-elasticsearch-8.19.3`);
  const python = join(home, 'bin', 'python');
  if (existsSync(join(home, 'complete'))) return python;

  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'python-'));
  try {
    await run('python3', ['-m', 'venv', work]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE];
    await run(join(work, 'bin', 'python'), pip);
    await mkdir(join(work, 'complete'));
    // Its own scripts name the old path, but the interpreter and its packages don't.
    await rename(work, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return python;
}
