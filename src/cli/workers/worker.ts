import type { ChildProcess } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import type { CloseOptions } from '../../proxy/server.js';
import type { CountedByWorker, PrimaryCalls, TreeFile, WorkerCalls, WorkerReport, WorkerStart } from './calls.js';
import { Channel, ChannelError } from './channel.js';
import { closePassedConnection } from './passed-connections.js';
import { WholeLines } from './whole-lines.js';

/** Longest wait for what a worker that is well does in a second, in ms; one that takes longer is ended. */
const PATIENCE_MS = 60_000;

/** How a process ended: its exit code, or the signal. */
export type Ending = number | NodeJS.Signals;

/** Where the lines that workers print go. */
export interface Printed {
  stdout(lines: string): void;
  stderr(lines: string): void;
}

/** One worker as the primary sees it: a process, what it is asked, and when it ended. */
export class Worker {
  /** When it has ended. */
  readonly ended: Promise<Ending>;
  /** The version of the tree that it uses, once it was started. */
  version = '';
  /** Whether it takes requests, or is about to. */
  joined = false;
  /** When it began to take requests, on `performance.now`'s clock; 0 before. */
  upSince = 0;
  /** How often it was asked for its figures in vain since it last told them. */
  missed = 0;
  report: WorkerReport | undefined;
  #loaded: string | undefined;
  readonly #child: ChildProcess;
  readonly #channel: Channel<PrimaryCalls, WorkerCalls>;
  readonly #ready: Promise<void>;

  /**
   * @param child which has just begun (`forkWorker`)
   * @param counted gets what it counted
   */
  constructor(child: ChildProcess, printed: Printed, counted: (since: CountedByWorker) => void) {
    this.#child = child;
    closePassedConnection(child);
    let ready: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    this.#channel = new Channel<PrimaryCalls, WorkerCalls>(this.#child, { ready, counted });
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = new WholeLines(printed[stream]);
      this.#child[stream]
        ?.setEncoding('utf8')
        .on('data', (text: string) => lines.add(text))
        .on('close', () => lines.end());
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.joined = false;
        this.#channel.close(`worker ${this.pid} ended`);
        resolve(code ?? (signal as NodeJS.Signals));
      });
    });
    this.#ready = Promise.race([isReady, this.ended.then((ending) => Promise.reject(diedEarly(ending)))]);
    // Who starts the worker hears of it.
    this.#ready.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async start(given: WorkerStart): Promise<void> {
    await this.#ready;
    await this.#ask('start', given);
    this.version = given.trees.at(-1)?.version ?? '';
  }

  async load(tree: TreeFile): Promise<void> {
    await this.#ask('load', tree);
    this.#loaded = tree.version;
  }

  /** Puts a tree into use, which is loaded first where it was not. */
  async use(tree: TreeFile): Promise<void> {
    if (this.version === tree.version) return;
    if (this.#loaded !== tree.version) await this.load(tree);
    await this.#ask('use', tree.version);
    this.version = tree.version;
  }

  async listen(): Promise<AddressInfo> {
    this.joined = true;
    const address = await this.#ask('listen', null);
    this.upSince = performance.now();
    return address;
  }

  async clearCache(): Promise<void> {
    await this.#ask('clearCache', null);
  }

  /** Asks for the figures of this moment. Those of before stay where none come in time. */
  async refresh(timeoutMs: number): Promise<void> {
    try {
      this.report = await this.#channel.ask('report', null, timeoutMs);
      this.missed = 0;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.missed += 1;
    }
  }

  /** Lets it end gracefully. Resolves when it has ended. */
  async close(options: CloseOptions): Promise<void> {
    try {
      this.report = await this.#channel.ask('close', options, options.graceMs + PATIENCE_MS);
      this.#child.disconnect();
    } catch {
      this.kill();
    }
    await this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** A worker that does not answer is ended, so that another one takes its place. */
  async #ask<K extends keyof WorkerCalls>(name: K, given: WorkerCalls[K][0]): Promise<WorkerCalls[K][1]> {
    try {
      return await this.#channel.ask(name, given, PATIENCE_MS);
    } catch (error) {
      if (error instanceof ChannelError) this.kill();
      throw error;
    }
  }
}

function diedEarly(ending: Ending): Error {
  return new ChannelError(`the process ended (${ending}) before it began`);
}
