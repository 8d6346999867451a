/** Requests that take as long as they take: bulk, scroll, and what works through a whole index. */
const UNTIMED =
  /\/_(?:bulk|reindex|update_by_query|delete_by_query|forcemerge|snapshot)(?:[/?]|$)|\/_search\/scroll(?:[/?]|$)|[?&;]scroll=/;

/** The longest wait for a request, in ms; 0 is none. */
export function timeoutFor(target: string, timeoutMs: number): number {
  return timeoutMs === 0 || UNTIMED.test(target) ? 0 : timeoutMs;
}
