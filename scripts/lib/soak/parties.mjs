import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MAIN } from '../proxy-process.mjs';

const STUB = fileURLToPath(new URL('./stub.mjs', import.meta.url));

/** The stub upstream, which can be killed and started again on its port. */
export class Upstream {
  #child;

  constructor(port, notes) {
    this.port = port;
    this.notes = notes;
    this.url = `http://127.0.0.1:${port}`;
  }

  async start() {
    this.#child = fork(STUB, [String(this.port), this.notes]);
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error('The stub upstream ended before it was up.');
    });
    await Promise.race([once(this.#child, 'message'), ended]);
    ended.catch(() => undefined);
  }

  async kill() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** The proxy with its workers. Its log is read, and only what is not of requests kept. */
export class ProxyParty {
  /** Lines of warnings and errors, the last hundred. */
  lines = [];
  #child;
  #ended;

  async start(environment, args = []) {
    const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', ...environment };
    this.#child = spawn(process.execPath, [MAIN, 'serve', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'exit');
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.#keep(text));
    let errors = '';
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    for (const deadline = Date.now() + 60_000; ; ) {
      this.url = /listens on (https?:\/\/\S+?),/.exec(errors)?.[1];
      if (this.url !== undefined) return;
      if (this.#child.exitCode !== null || Date.now() > deadline) throw new Error(`The proxy did not start: ${errors}`);
      await sleep(20);
    }
  }

  get pid() {
    return this.#child.pid;
  }

  /** The process ids of its workers, the oldest first. */
  get workers() {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === this.pid);
    return found.map(Number).sort((a, b) => a - b);
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** @returns its exit code */
  async stop() {
    this.#child.kill('SIGTERM');
    const [code] = await this.#ended;
    return code;
  }

  kill() {
    this.#child?.kill('SIGKILL');
  }

  #keep(text) {
    for (const line of text.split('\n')) {
      if (/"log\.level":"(?:warn|error|fatal)"/.test(line) && !line.includes('territory.query')) this.lines.push(line);
    }
    this.lines.splice(0, this.lines.length - 100);
  }
}

function parentOf(pid) {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it ended just now
  }
}
