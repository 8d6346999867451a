import { flatness, LEAST_S, WARM_UP_S } from './flatness.mjs';

/** What a worker may hold after the load beside what it began with and a connection to the upstream for each client: those to the primary's API. */
const MORE_SOCKETS = 16;

/** From the start of the load on, what a process may need until it notes what it holds. In s. */
const START_S = 30;

/**
 * What a soak showed, in words, and what is wrong about it.
 * @returns {{ lines: string[], faults: string[] }}
 */
export function report({ seconds, clients, tally, samples, before, after, twice, code, lines: logged }, seed) {
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
  const { looked, faults: growing } = flatness(samples);
  faults.push(...growing);
  if (seconds < WARM_UP_S + LEAST_S + START_S) lines.push('  memory is not judged: the run is too short for that');
  else {
    for (const name of ['primary', 'worker']) {
      if (!looked.some((one) => one.name === name)) faults.push(`no ${name} was up for long enough to be judged`);
    }
  }
  for (const { name, pid, seconds: length, first, last, slopes } of looked) {
    const of = (figure) =>
      `${Math.round(first[figure])} → ${Math.round(last[figure])} (${Math.round(slopes[figure])} an hour)`;
    lines.push(
      `  ${name} ${pid}, ${Math.round(length)} s after its warm-up: live MB ${of('live')}, resident MB ${of('rss')}, sockets ${of('sockets')}, files ${of('files')}`,
    );
  }
  lines.push(
    `  sockets of the workers: ${before.sockets} before the load, ${after.map(({ sockets }) => sockets).join(', ')} after it`,
  );
  for (const { pid, sockets } of after) {
    if (sockets > before.sockets + clients + MORE_SOCKETS)
      faults.push(`worker ${pid} has ${sockets} sockets after the load`);
  }
  if (code !== 0) faults.push(`the proxy ended with ${code} on SIGTERM`);
  if (faults.length > 0) lines.push('  last warnings of the proxy:', ...logged.slice(-10).map((line) => `    ${line}`));
  return { lines, faults };
}

const shown = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
