import { slope } from './processes.mjs';

/** What a process may grow by from the middle of a run to its end, in MB: what a garbage collector leaves lying about. */
const GROWTH_MB = 40;

/** Files and sockets that a worker may hold after the load beside those it began with: connections to the upstream. */
const FILES = 80;

/**
 * What a soak showed, in words, and what is wrong about it.
 * @returns {{ lines: string[], faults: string[] }}
 */
export function report({ seconds, tally, samples, before, after, twice, code, lines: logged }, seed) {
  const faults = [];
  const lines = [
    `soak of ${Math.round(seconds)} s, seed ${seed}: ${tally.requests} requests, ${Math.round(tally.requests / seconds)}/s`,
    `  ${shown(tally.counts)}`,
    `  wrong answers ${tally.wrong.length}, without an end ${tally.hung.length}, lost or twice at the upstream ${twice.length}`,
    `  failed and told so: ${shown(tally.reported) || 'none'}; of these not explained by a disturbance: ${tally.unexplained.length}`,
  ];
  for (const wrong of tally.wrong.slice(0, 10)) faults.push(`wrong answer: ${wrong}`);
  for (const name of tally.hung.slice(0, 10)) faults.push(`no end: ${name}`);
  for (const id of twice.slice(0, 10)) faults.push(`reached the upstream twice, or not at all: ${id}`);
  for (const { operation, what, body } of tally.unexplained.slice(0, 10)) {
    faults.push(`failed for no reason: ${operation} ${what} ${body ?? ''}`);
  }
  for (const name of ['primary', 'worker']) {
    const series = samples.filter((sample) => sample.name === name);
    const [middle, end] = [meanOf(series, 0.4, 0.6), meanOf(series, 0.8, 1)];
    const settled = series.slice(Math.floor(series.length * 0.4));
    lines.push(
      `  ${name}: ${mb(series[0]?.rss)} at the start, ${mb(middle)} in the middle, ${mb(end)} at the end (${Math.round(slope(settled))} MB an hour)`,
    );
    if (end - middle > GROWTH_MB) faults.push(`the memory of the ${name} grew from ${mb(middle)} to ${mb(end)}`);
  }
  if (before !== undefined && after !== undefined) {
    lines.push(`  files and sockets of the worker: ${before.files} before the load, ${after.files} after it`);
    if (after.files > before.files + FILES) faults.push('sockets are left open after the load');
  }
  if (code !== 0) faults.push(`the proxy ended with ${code} on SIGTERM`);
  if (faults.length > 0) lines.push('  last warnings of the proxy:', ...logged.slice(-10).map((line) => `    ${line}`));
  return { lines, faults };
}

const shown = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const mb = (value) => (value === undefined ? '? MB' : `${Math.round(value)} MB`);

function meanOf(series, from, to) {
  const part = series.slice(Math.floor(series.length * from), Math.ceil(series.length * to));
  return part.reduce((sum, { rss }) => sum + rss, 0) / Math.max(1, part.length);
}
