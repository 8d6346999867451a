import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fuzz, testsByLot } from '../../scripts/lib/fuzz.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../scripts/fuzz.mjs', import.meta.url));

/** Rounds of tests of which some fail; what was run with which seed, and what was said. */
async function rounds(options, failing = () => []) {
  const seeds = [];
  const lines = [];
  const commands = await fuzz({
    ...{ rounds: 5, tests: { unit: ['test/a.test.ts', 'test/b.test.ts'], integration: [] } },
    ...options,
    run: async (project, files, seed) => {
      seeds.push(seed);
      const failed = failing(project, files, seeds.length);
      return { failed, output: failed.length > 0 ? 'what Jest said' : 'all is well' };
    },
    log: (line) => lines.push(line),
  });
  return { commands, seeds, lines };
}

test('each round has a seed of its own, which is told before the round', async () => {
  const { commands, seeds, lines } = await rounds({});
  expect(commands).toEqual([]);
  expect(new Set(seeds).size).toBe(5);
  expect(lines).toEqual(seeds.map((seed, i) => `round ${i + 1} of 5: TEST_SEED=${seed}`));
});

test('the first seed can be given', async () => {
  expect((await rounds({ first: 4711 })).seeds[0]).toBe(4711);
});

test('the first round that fails is the last, with what was printed and the command that repeats it', async () => {
  const { commands, seeds, lines } = await rounds({}, (_project, files, n) => (n === 3 ? [files[1]] : []));
  expect(seeds).toHaveLength(3);
  expect(lines.at(-1)).toBe('what Jest said');
  expect(commands).toEqual([`TEST_SEED=${seeds[2]} npm run test:unit -- test/b.test.ts`]);
  const long = await rounds({ length: '10' }, () => ['test/b.test.ts']);
  expect(long.commands).toEqual([`TEST_SEED=${long.seeds[0]} TEST_RUNS=10 npm run test:unit -- test/b.test.ts`]);
});

test('the tests are those that draw their cases by lot, each with its project', async () => {
  const { unit, integration } = await testsByLot(ROOT);
  expect(unit).toEqual(expect.arrayContaining(['test/query/fuzz.test.ts', 'test/query/lucene/properties.test.ts']));
  expect(unit).not.toContain('test/territory/france.test.ts');
  expect(integration).toEqual([
    'test/integration/lucene-grammar.test.ts',
    'test/integration/lucene-split.test.ts',
    'test/integration/lucene-written-in.test.ts',
    'test/integration/random-dsl.test.ts',
    'test/integration/soak.test.ts',
    'test/integration/transparency-mutations.test.ts',
  ]);
  expect(unit).not.toContain('test/scripts/fuzz.test.mjs');
});

test.each([
  [['--rounds', '0'], '--rounds is "0"'],
  [['--seed', 'x'], '--seed is "x"'],
  [['test/no-such.test.ts'], 'test/no-such.test.ts is no test that draws its cases by lot'],
])('wrong use is told with the right one: %s', (args, said) => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain(said);
  expect(stderr).toContain('npm run fuzz --');
});

test('a round is a run of Jest', () => {
  const args = [SCRIPT, '--rounds', '1', '--seed', '7', 'test/territory/suffix-sort.test.ts'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'round 1 of 1: TEST_SEED=7\nNothing was found.\n' });
});
