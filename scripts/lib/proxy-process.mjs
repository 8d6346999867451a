import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tail } from './run.mjs';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Guards against a hang: on a busy machine a start takes ten times as long. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 10_000;

/**
 * Starts `territory-proxy serve` and waits until it is ready.
 *
 * @param {{ port: number, config: string, environment: Record<string, string>, log: string }} options `config` is a
 *   YAML file; what the proxy prints is written to the file `log`
 * @returns {Promise<{ url: string, stop: () => Promise<void>, ended: Promise<number | null> }>} `stop` lets requests
 *   under way finish
 * @throws {Error} one sentence with the end of the log when it does not come up
 */
export async function startProxy({ port, config, environment, log }) {
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', config], {
    env: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    // A group of its own: Ctrl-C goes to this process alone, which stops it in its turn.
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const isUp = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
    if (isUp()) child.kill('SIGKILL');
    await ended;
    process.removeListener('exit', atExit);
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const ready = await fetch(`${url}/_territory/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (!isUp()) throw new Error(`The proxy ended before it was up:\n${tail(readFileSync(log, 'utf8'))}`);
    if (ready?.ok) return { url, stop, ended };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`The proxy is not ready after ${START_LIMIT_MS / 1000} s:\n${tail(readFileSync(log, 'utf8'))}`);
    }
    await sleep(50);
  }
}
