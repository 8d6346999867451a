// The whole check of a fresh clone (`npm test`): installs, then lint, types, layers, build, unit tests, tests on the whole map, and integration tests,
// the last against a real Elasticsearch. Every stage runs even if one before it failed; the last line is the sum of the
// tests, and a failed stage without tests of its own counts as one.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { progress } from './lib/progress.mjs';
import { run } from './lib/run.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const stages = [
  ['lint', () => npmScript('lint')],
  ['types', () => npmScript('types')],
  ['layers', () => npmScript('layers')],
  ['build', buildWhenStale],
  ['unit', () => jest('unit')],
  ['map', () => jest('map')],
  ['integration', () => jest('integration')],
  ['browser', () => jest('browser')],
];

/** Runs a script of package.json and shows what it printed only when it fails. */
async function npmScript(name) {
  const { code, output } = await progress(`Checking ${name}`, run('npm', ['run', '--silent', name], { cwd: ROOT }));
  if (code !== 0) throw new Error(output.trimEnd());
}

/**
 * Runs Jest on one project, its output passed through.
 * @returns {Promise<{ passed: number, failed: number }>} a file that could not run, and a skipped test, count as failed
 */
async function jest(project) {
  const folder = await mkdtemp(join(tmpdir(), 'territory-proxy-test-'));
  const results = join(folder, 'results.json');
  try {
    const args = [join(ROOT, 'scripts', 'jest.mjs'), project, '--maxWorkers=2', '--json', `--outputFile=${results}`];
    const code = await new Promise((resolve, reject) => {
      // Jest prints its summary on standard error; with --json the standard output is the results again.
      const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
      child.on('error', reject);
      child.on('close', resolve);
    });
    const text = await readFile(results, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`Jest ended with exit code ${code} before it ran a test.`);
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
      JSON.parse(text);
    const failed = numFailedTests + numPendingTests + numTodoTests + numRuntimeErrorTestSuites;
    if (numPassedTests + failed === 0) throw new Error(`Jest found no ${project} test.`);
    return { passed: numPassedTests, failed: Math.max(failed, code === 0 ? 0 : 1) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const summary = [];
const total = { passed: 0, failed: 0 };

try {
  await install();
} catch (error) {
  console.error(error.message);
  console.log('tests: 0 passed, 1 failed');
  process.exit(1);
}
for (const [name, work] of stages) {
  const started = Date.now();
  console.log(`\n— ${name}`);
  try {
    const counts = await work();
    total.passed += counts?.passed ?? 0;
    total.failed += counts?.failed ?? 0;
    const detail = counts ? `, ${counts.passed} passed${counts.failed > 0 ? `, ${counts.failed} failed` : ''}` : '';
    summary.push(`  ${counts?.failed > 0 ? 'FAILED' : 'ok    '}  ${name} (${seconds(started)}${detail})`);
  } catch (error) {
    total.failed += 1;
    console.error(error.message);
    summary.push(`  FAILED  ${name} (${seconds(started)})`);
  }
}
console.log(`\n${summary.join('\n')}\n`);
console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
