/** How long a process is let warm up: compiled code, filled caches, pools at their size. In s. */
export const WARM_UP_S = 120;

/** A shorter look after the warm-up says nothing about a slope. In s. */
export const LEAST_S = 120;

/**
 * What a process may grow by in an hour after its warm-up, in MB, by the line through its samples, beside what such a line
 * may show of mere noise in a short look, in MB.
 */
const BOUNDS = {
  live: { hour: 12, noise: 2 },
  rss: { hour: 48, noise: 8 },
  sockets: { hour: 12, noise: 6 },
  files: { hour: 12, noise: 6 },
};

/** By how much a figure grows in an hour: the slope of the line through the samples with the least squares. */
export function slope(samples, figure) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [t, m] = [mean(({ age }) => age), mean((sample) => sample[figure])];
  let [top, bottom] = [0, 0];
  for (const { age, [figure]: value } of samples) {
    top += (age - t) * (value - m);
    bottom += (age - t) ** 2;
  }
  return bottom === 0 ? 0 : (top / bottom) * 3600;
}

/**
 * Whether the processes of a run are flat once they are warm.
 *
 * @param samples of `probe.mjs`
 * @returns {{ looked: { name: string, pid: number, seconds: number, first: object, last: object, slopes: object }[],
 *   faults: string[] }} of each process that lived long enough: how long it was looked at, what it held at both ends of
 *   that time, and what it grew by in an hour
 */
export function flatness(samples) {
  const looked = [];
  const faults = [];
  for (const [pid, own] of byProcess(samples)) {
    const warm = own.filter(({ age }) => age >= WARM_UP_S);
    const [first, last] = [warm[0], warm.at(-1)];
    if (first === undefined || last.age - first.age < LEAST_S) continue;
    const seconds = last.age - first.age;
    const slopes = Object.fromEntries(Object.keys(BOUNDS).map((figure) => [figure, slope(warm, figure)]));
    const { name } = first;
    looked.push({ name, pid, seconds, first, last, slopes });
    for (const [figure, { hour, noise }] of Object.entries(BOUNDS)) {
      const grown = (slopes[figure] * seconds) / 3600;
      if (grown <= noise + (hour * seconds) / 3600) continue;
      faults.push(
        `${name} ${pid} is not flat: ${figure} grew by ${grown.toFixed(1)} in ${Math.round(seconds)} s after its warm-up`,
      );
    }
  }
  return { looked, faults };
}

function byProcess(samples) {
  const found = new Map();
  for (const sample of samples) found.set(sample.pid, [...(found.get(sample.pid) ?? []), sample]);
  return found;
}
