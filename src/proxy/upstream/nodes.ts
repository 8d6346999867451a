import { performance } from 'node:perf_hooks';
import type { UpstreamOptions } from '../options.js';
import type { LeastPace } from '../pace.js';
import { UpstreamNode } from './node.js';

/** All nodes of Elasticsearch, in turn. */
export class UpstreamNodes {
  readonly #nodes: readonly UpstreamNode[];
  readonly #clock: () => number;
  #turn = 0;

  /**
   * @param urls addresses of the nodes, at least one
   * @param least how fast an upload must come where others wait for its connection
   * @param clock ms; monotonic
   */
  constructor(
    urls: readonly URL[],
    options: UpstreamOptions,
    least: LeastPace,
    clock: () => number = () => performance.now(),
  ) {
    if (urls.length === 0) throw new RangeError('no node of Elasticsearch is given');
    this.#nodes = urls.map((url) => new UpstreamNode(url, options, least));
    this.#clock = clock;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /**
   * The node whose turn it is among those that are alive or due to be tried again. Where there is none, the dead one
   * that is due next: a request is refused only after a node was asked.
   * @param tried nodes that this request failed at already
   * @returns `undefined` where all were tried
   */
  next(tried: readonly UpstreamNode[] = NONE): UpstreamNode | undefined {
    const nodes = this.#nodes;
    if (nodes.length === 1) return tried.length === 0 ? nodes[0] : undefined;
    const now = this.#clock();
    let soonest: UpstreamNode | undefined;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[(this.#turn + i) % nodes.length]!;
      if (tried.includes(node)) continue;
      if (node.restUntil <= now) {
        this.#turn = (this.#turn + i + 1) % nodes.length;
        if (node.restUntil !== 0) node.tryAgain(now);
        return node;
      }
      if (soonest === undefined || node.restUntil < soonest.restUntil) soonest = node;
    }
    return soonest;
  }

  /** Notes that a connection to a node could not be made. */
  failed(node: UpstreamNode): void {
    node.failed(this.#clock());
  }

  /** Gives up uploads that come too slowly, at most so many. */
  giveWay(wanted: number): void {
    let left = wanted;
    for (const { pool } of this.#nodes) left -= pool.giveWay(left);
  }

  /** Closes all connections; requests under way fail. */
  destroy(): void {
    for (const node of this.#nodes) node.pool.destroy();
  }
}

const NONE: readonly UpstreamNode[] = [];
