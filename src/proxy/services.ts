import type { RefusedSearch } from '../query/types.js';
import type { Observer } from '../stats/record.js';
import type { Load } from './load.js';
import type { ProxyOptions } from './options.js';
import type { RewriterSource } from './rewriters.js';
import type { SlowBodies } from './slow-bodies.js';
import type { UpstreamNodes } from './upstream/nodes.js';
import type { StalledUploads } from './watched-body.js';

/** What every request of a proxy shares. */
export interface ProxyServices {
  readonly options: ProxyOptions;
  readonly rewriters: RewriterSource;
  readonly observer: Observer | undefined;
  readonly nodes: UpstreamNodes;
  /** Added where the client sends none. */
  readonly authorization: string | undefined;
  readonly load: Load;
  readonly slow: SlowBodies;
  readonly stalled: StalledUploads;
  /** Puts the errors of refused searches back in their places in the answer of an `_msearch`. */
  mergeMsearch(answer: Buffer, refused: readonly RefusedSearch[], total: number): Buffer;
}
