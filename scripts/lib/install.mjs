import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.territory-proxy-installed');

/**
 * Installs the dependencies when `node_modules` is missing or was made for another `package.json` or lock file. It is
 * `npm install --no-save`, not `npm ci`, for the lock can't name every optional platform package.
 * @throws {Error} with the end of npm's output
 */
export async function install() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(await readFile(join(ROOT, name)));
  const wanted = `${hash.digest('hex')} node ${process.versions.modules}`;
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return;
  await progress('Installing the dependencies', async () => {
    const { code, output } = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { cwd: ROOT });
    if (code !== 0) throw new Error(`npm install failed:\n${tail(output)}`);
    await writeFile(STAMP, wanted);
  });
}
