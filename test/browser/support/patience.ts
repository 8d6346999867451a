import { until } from '../../integration/support/territory-proxy.js';

/**
 * How long a test waits for what must come, in milliseconds. Nothing is proved by how soon it comes, but where a test says
 * so: a busy machine is no failure, what never comes is.
 */
export const PATIENCE_MS = 120_000;

/** Waits until a thing holds: for what is read from a page after something was done there. */
export function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  return until(holds, PATIENCE_MS);
}
