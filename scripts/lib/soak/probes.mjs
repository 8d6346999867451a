import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PROBE = new URL('./probe.mjs', import.meta.url).href;

/** Longest wait for the next note of a process, in ms: it writes one every five seconds, where it is well. */
const PATIENCE_MS = 30_000;

/** What the processes of a proxy noted of themselves (`probe.mjs`). */
export class Probes {
  #file;

  constructor(file) {
    this.#file = file;
  }

  /** What a proxy needs to be started with. */
  get environment() {
    return { NODE_OPTIONS: `--import=${PROBE}`, SOAK_PROBE: this.#file };
  }

  async samples() {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    // The last line may be under way.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  /** What each of these processes notes next. */
  async next(pids) {
    const seen = (await this.samples()).length;
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      const since = (await this.samples()).slice(seen);
      const found = pids.map((pid) => since.find((sample) => sample.pid === pid));
      if (found.every((sample) => sample !== undefined)) return found;
      if (Date.now() > deadline) throw new Error(`A process of the proxy is silent: ${pids}, heard ${found.length}`);
      await sleep(100);
    }
  }
}
