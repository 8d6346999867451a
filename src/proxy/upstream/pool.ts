import { performance } from 'node:perf_hooks';
import type { LeastPace } from '../pace.js';
import { AnswerHeads } from './answer-heads.js';
import type { Connector } from './connect.js';
import { type ConnectionOwner, UpstreamConnection } from './connection.js';

/** How often idle connections are looked through, in ms; one that stays idle from one time to the next but one is closed. */
const SWEEP_MS = 30_000;

/** How often, while somebody waits, uploads are looked for that come too slowly, in ms. */
const MAKE_WAY_MS = 250;

/** Who waits for a connection: one of the three is called, once. */
export interface Waiter {
  /** Longest wait for one that is free, in ms; 0 for none. */
  readonly patienceMs: number;
  ready(connection: UpstreamConnection): void;
  /** No connection could be made. */
  unreachable(error: Error): void;
  /** All were taken for too long. */
  late(error: Error): void;
}

/**
 * The connections to one node, at most so many. The one that was used last is used first, so that those that are not
 * needed fall idle and are closed; who finds all of them taken waits in a queue. While anyone does, uploads that
 * come too slowly give way: else as many clients as there are connections, gone without a word, keep all out.
 */
export class ConnectionPool implements ConnectionOwner {
  readonly #connector: Connector;
  readonly #most: number;
  readonly #least: LeastPace;
  readonly #heads = new AnswerHeads();
  /** All, with who waits for each that is not open yet. */
  readonly #all = new Map<UpstreamConnection, Waiter | undefined>();
  readonly #idle: UpstreamConnection[] = [];
  /** Who waits for one that is free, with what ends the wait. */
  readonly #queue = new Map<Waiter, NodeJS.Timeout | undefined>();
  /** How many are open. */
  #open = 0;
  #sweeper: NodeJS.Timeout | undefined;
  #wayMaker: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(connector: Connector, most: number, least: LeastPace) {
    this.#least = least;
    this.#connector = connector;
    this.#most = most;
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#all.size;
  }

  /** Gives `waiter` a connection: at once where one is idle. @param fresh not one that was used before, which may have gone stale */
  acquire(waiter: Waiter, fresh: boolean): void {
    if (this.#closed) {
      waiter.unreachable(closing());
      return;
    }
    const idle = fresh ? undefined : this.#takeIdle();
    if (idle !== undefined) waiter.ready(idle);
    else if (this.#all.size < this.#most) this.#begin(waiter);
    else {
      if (fresh) this.#idle[0]?.destroy();
      this.#wait(waiter);
    }
  }

  /** Lets `waiter` wait no more. The connection that was being opened for it serves whoever comes next. */
  leave(waiter: Waiter): void {
    if (this.#unqueue(waiter)) return;
    for (const [connection, of] of this.#all) if (of === waiter) this.#all.set(connection, undefined);
  }

  opened(connection: UpstreamConnection): void {
    const waiter = this.#all.get(connection);
    this.#open += 1;
    this.#all.set(connection, undefined);
    if (waiter !== undefined) waiter.ready(connection);
    else this.released(connection);
  }

  released(connection: UpstreamConnection): void {
    const next = this.#next();
    if (next !== undefined) {
      next.ready(connection);
      return;
    }
    connection.sweeps = 0;
    this.#idle.push(connection);
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  closed(connection: UpstreamConnection, error: Error | undefined): void {
    const waiter = this.#all.get(connection);
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (error === undefined) this.#open -= 1;
    else {
      waiter?.unreachable(error);
      // Who waits would only wait for the next failure.
      if (this.#open === 0) this.#refuseAll(error);
    }
    // Its place is free for one who waits.
    if (this.#closed || this.#all.size >= this.#most) return;
    const next = this.#next();
    if (next !== undefined) this.#begin(next);
  }

  /**
   * Gives up uploads that come too slowly, at most so many.
   * @returns how many
   */
  giveWay(wanted: number): number {
    let given = 0;
    for (const connection of [...this.#all.keys()]) if (given < wanted && connection.giveWay()) given++;
    return given;
  }

  /** Closes all; requests under way fail, and those that wait too. */
  destroy(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    clearInterval(this.#wayMaker);
    for (const connection of [...this.#all.keys()]) connection.cutOff();
    this.#refuseAll(closing());
  }

  #refuseAll(error: Error): void {
    for (const waiter of [...this.#queue.keys()]) if (this.#unqueue(waiter)) waiter.unreachable(error);
  }

  #begin(waiter: Waiter): void {
    const connection: UpstreamConnection = new UpstreamConnection(this.#connector, this.#heads, this.#least, this);
    this.#all.set(connection, waiter);
  }

  #wait(waiter: Waiter): void {
    const { patienceMs } = waiter;
    const end = (): void => {
      this.#queue.delete(waiter);
      const reason = `all ${this.#most} connections were taken for ${patienceMs} ms (upstream.connections)`;
      waiter.late(Object.assign(new Error(reason), { code: 'ETIMEDOUT' }));
    };
    this.#queue.set(waiter, patienceMs === 0 ? undefined : setTimeout(end, patienceMs));
    this.#wayMaker ??= setInterval(() => this.#makeWay(), MAKE_WAY_MS).unref();
  }

  #makeWay(): void {
    if (this.#queue.size === 0) {
      clearInterval(this.#wayMaker);
      this.#wayMaker = undefined;
    } else this.giveWay(this.#queue.size);
  }

  /** @returns whether it was waiting */
  #unqueue(waiter: Waiter): boolean {
    clearTimeout(this.#queue.get(waiter));
    return this.#queue.delete(waiter);
  }

  /** Who has waited longest for a connection; it waits no more. */
  #next(): Waiter | undefined {
    if (this.#queue.size === 0) return undefined;
    const [first] = this.#queue.keys();
    this.#unqueue(first!);
    return first;
  }

  #takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || this.#usable(connection)) return connection;
      connection.destroy();
    }
  }

  #usable(connection: UpstreamConnection): boolean {
    if (connection.closed) return false;
    return connection.expires === Number.POSITIVE_INFINITY || performance.now() < connection.expires;
  }

  #sweep(): void {
    for (const connection of [...this.#idle]) {
      connection.sweeps += 1;
      if (connection.sweeps < 2 && this.#usable(connection)) continue;
      this.#idle.splice(this.#idle.indexOf(connection), 1);
      connection.destroy();
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

function closing(): Error {
  return Object.assign(new Error('the proxy is closing'), { code: 'ECLOSING' });
}
