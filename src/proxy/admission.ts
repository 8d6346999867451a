import type { Client } from './client.js';
import { TerritoryBusyError } from './errors.js';
import { bodyTooLarge } from './read-body.js';
import type { ProxyServices } from './services.js';

/** Throws a `TerritoryError` for a request that goes no further, whatever it asks. */
export function admit(client: Client, { load, slow, options }: ProxyServices): void {
  const { inFlight, bodyBytes } = options.limits;
  const refused = client.refusal();
  if (refused !== undefined) throw refused;
  if (load.inFlight > inFlight) {
    slow.placeWanted();
    throw new TerritoryBusyError(`more than ${inFlight} requests are in flight (limits.inFlight)`);
  }
  if ((client.length ?? 0) > bodyBytes) throw bodyTooLarge(bodyBytes);
}
