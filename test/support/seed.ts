/**
 * Where every test that draws its cases by lot has its seed and its length from. A gate must not fail by chance: the seed
 * is the same at every run, unless `TEST_SEED` names another; `TEST_RUNS=10` draws ten times as many cases.
 */
export const SEED = wholeNumber('TEST_SEED', 69123, 0);

const TIMES = wholeNumber('TEST_RUNS', 1, 1);

/** How many cases are drawn where `usual` are enough for a gate. */
export function runs(usual: number): number {
  return usual * TIMES;
}

function wholeNumber(name: string, usual: number, least: number): number {
  const written = process.env[name];
  if (written === undefined) return usual;
  const number = Number(written);
  if (written === '' || !Number.isInteger(number) || number < least || number > 2 ** 31 - 1) {
    throw new Error(`${name} must be a whole number from ${least} to ${2 ** 31 - 1}, not "${written}"`);
  }
  return number;
}
