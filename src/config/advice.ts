import type { Config } from './schema.js';

/** What is legal in a configuration, and may surprise: a sentence each, for the log of the start and for `check-config`. */
export function advice({ limits }: Config): string[] {
  const { bufferedBytes } = limits;
  return (['bodyBytes', 'expandedBytes'] as const)
    .filter((key) => limits[key] > bufferedBytes)
    .map(
      (key) =>
        `limits.${key} is ${limits[key]}, and limits.bufferedBytes only ${bufferedBytes}: a body that must be read ` +
        `or rewritten never gets that long, it is refused (413) as soon as it needs more than limits.bufferedBytes. Raise ` +
        `that, or lower limits.${key}${key === 'bodyBytes' ? ', which _bulk alone has the use of: it streams through' : ''}`,
    );
}
