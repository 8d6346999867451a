import { existsSync } from 'node:fs';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'dist');
const STAMP = join(ROOT, 'node_modules', '.territory-proxy-built');

/**
 * Compiles `src` to `dist`, unless nothing that goes in is newer than the last whole build. Two processes at once share
 * one build, and one that runs from `dist` keeps its files under its feet.
 * @throws {Error} with the compiler's messages
 */
export async function buildWhenStale() {
  await withLock(`${STAMP}.lock`, async () => {
    if (existsSync(DIST) && (await newest()) <= (await modified(STAMP))) return;
    await progress('Building', build);
  });
}

async function build() {
  const started = new Date();
  const { code, output } = await run('npm', ['run', '--silent', 'build'], { cwd: ROOT });
  if (code !== 0) throw new Error(`The build failed:\n${output.trimEnd()}`);
  // The compiler writes every file anew: an older one belongs to a source that is gone.
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await modified(path)) < started.getTime()) await rm(path);
  }
  await writeFile(STAMP, '');
  // A file saved while the compiler ran is newer than the stamp.
  await utimes(STAMP, started, started);
}

async function modified(path) {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

/** The time of the newest change to what the build reads; a removed file shows in its folder's time. */
async function newest() {
  const paths = ['src', 'scripts/build-web.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json'].map((name) =>
    join(ROOT, name),
  );
  for (const entry of await readdir(join(ROOT, 'src'), { recursive: true })) paths.push(join(ROOT, 'src', entry));
  return Math.max(...(await Promise.all(paths.map(modified))));
}
