import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeMap } from '../../jest.config.mjs';

/** What a test file imports that draws its cases by lot, from the seed of the run. */
const BY_LOT = /'fast-check'|support\/(?:seed|worlds)\.js'/;

/**
 * The test files that draw their cases by lot, by the Jest project that runs them. Those on the whole map and those in a
 * browser are left out: they take minutes and draw little.
 * @param {string} root of the repository
 * @returns {Promise<{ unit: string[], integration: string[] }>} paths below the root, sorted
 */
export async function testsByLot(root) {
  const found = { unit: [], integration: [] };
  for (const name of (await readdir(join(root, 'test'), { recursive: true })).sort()) {
    if (!name.endsWith('.test.ts') || name.startsWith('browser') || wholeMap.includes(`<rootDir>/test/${name}`))
      continue;
    if (!BY_LOT.test(await readFile(join(root, 'test', name), 'utf8'))) continue;
    found[name.startsWith('integration') ? 'integration' : 'unit'].push(`test/${name}`);
  }
  return found;
}

/**
 * Runs tests round after round, each with a seed of its own, until one fails.
 *
 * @param {{ rounds: number, first?: number, tests: Record<string, string[]>, log: (line: string) => void, length?: string,
 *   run: (project: string, files: string[], seed: number) => Promise<{ failed: string[], output: string }> }} options
 *   `first` is the seed of the first round; the next ones are drawn. `tests` are files by their Jest project. `length` is
 *   `TEST_RUNS`, where it is set
 * @returns {Promise<string[]>} the commands that repeat what failed; none where all rounds passed
 */
export async function fuzz({ rounds, first, tests, run, log, length }) {
  for (let round = 1; round <= rounds; round++) {
    const seed = round === 1 && first !== undefined ? first : randomInt(2 ** 31);
    log(`round ${round} of ${rounds}: TEST_SEED=${seed}`);
    const commands = [];
    for (const [project, files] of Object.entries(tests)) {
      if (files.length === 0) continue;
      const { failed, output } = await run(project, files, seed);
      if (failed.length === 0) continue;
      log(output);
      const runs = length === undefined ? '' : ` TEST_RUNS=${length}`;
      commands.push(`TEST_SEED=${seed}${runs} npm run test:${project} -- ${failed.join(' ')}`);
    }
    if (commands.length > 0) return commands;
  }
  return [];
}
