export { ExpansionCache } from './cache.js';
export { ENDPOINTS, type Endpoint } from './endpoints.js';
export { mergeMsearch } from './msearch.js';
export { Rewriter } from './rewriter.js';
export type {
  CacheStats,
  IndexFields,
  Outcome,
  Plan,
  RefusedSearch,
  Replacement,
  RequestHead,
  RewriterOptions,
} from './types.js';
