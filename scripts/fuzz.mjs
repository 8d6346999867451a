// Looks for what a gate with one seed can't find (`npm run fuzz`): the tests that draw their cases by lot, ten rounds with
// a fresh seed each; `-- --rounds 50`, `--seed 1` for the first round, or the paths of some test files. Ends with 1 at the
// first round that fails, and with the command that repeats it. `TEST_RUNS=10` draws ten times as many cases.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhenStale } from './lib/build.mjs';
import { startElasticsearch } from './lib/elasticsearch.mjs';
import { fuzz, testsByLot } from './lib/fuzz.mjs';
import { run } from './lib/run.mjs';
import { TEST_SERVERS } from './lib/test-servers.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the command line asks for; throws what is wrong with it. */
async function asked() {
  const options = { rounds: { type: 'string', default: '10' }, seed: { type: 'string' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const rounds = Number(values.rounds);
  const first = values.seed === undefined ? undefined : Number(values.seed);
  const known = await testsByLot(ROOT);
  const tests = positionals.length === 0 ? known : {};
  for (const path of positionals) {
    const project = Object.keys(known).find((name) => known[name].includes(path));
    if (project === undefined) throw new Error(`${path} is no test that draws its cases by lot.`);
    tests[project] = [...(tests[project] ?? []), path];
  }
  if (!(Number.isInteger(rounds) && rounds >= 1)) throw new Error(`--rounds is "${values.rounds}".`);
  if (first !== undefined && !(Number.isInteger(first) && first >= 0 && first < 2 ** 31))
    throw new Error(`--seed is "${values.seed}".`);
  return { rounds, first, tests };
}

/** One round of one project: the files of which a test failed, and all that was printed. */
async function round(project, files, seed) {
  const folder = await mkdtemp(join(tmpdir(), 'territory-proxy-fuzz-'));
  const results = join(folder, 'results.json');
  try {
    const args = [join(ROOT, 'scripts', 'jest.mjs'), project, ...files, '--json', `--outputFile=${results}`];
    const env = { ...process.env, TEST_SEED: String(seed) };
    const { code, output } = await run(process.execPath, args, { cwd: ROOT, env });
    const text = await readFile(results, 'utf8').catch(() => undefined);
    const failed = text === undefined ? [] : JSON.parse(text).testResults.filter(({ status }) => status === 'failed');
    // Where Jest itself ended badly no file of all is at fault.
    const names = failed.map(({ name }) => relative(ROOT, name));
    return { failed: code !== 0 && names.length === 0 ? files : names, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let options;
try {
  options = await asked();
} catch (error) {
  console.error(`${error.message} usage: npm run fuzz -- [--rounds 10] [--seed 1] [TEST FILES]`);
  process.exit(2);
}
const started = [];
try {
  await buildWhenStale();
  if (options.tests.integration?.length > 0) {
    // The tests would start them anew at each round.
    for (const [name, server] of Object.entries(TEST_SERVERS)) {
      if (process.env[name]) continue;
      started.push(await startElasticsearch(server));
      process.env[name] = started.at(-1).url;
    }
  }
  const commands = await fuzz({ ...options, run: round, log: console.log, length: process.env.TEST_RUNS });
  for (const command of commands) console.log(`To repeat it: ${command}`);
  if (commands.length === 0) console.log('Nothing was found.');
  process.exitCode = commands.length > 0 ? 1 : 0;
} finally {
  for (const { stop } of started) await stop();
}
