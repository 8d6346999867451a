import type { Client } from './client.js';
import { headerLines } from './headers.js';
import type { ProxyServices } from './services.js';
import type { ForwardedRequest } from './upstream/forward.js';

const HOST: ReadonlySet<string> = new Set(['host']);

/**
 * The head of a client's request as it goes on, with the proxy's credentials where it brings none, and the `Host` that
 * the options say.
 * @param without names (lower case) to leave out
 * @param own headers to add, `[name, value, …]`
 * @throws TerritoryUnsupportedError for an own header that would not be one
 */
export function forwardedHead(
  { options, authorization }: ProxyServices,
  client: Client,
  without: ReadonlySet<string>,
  own: readonly string[],
): Pick<ForwardedRequest, 'lines' | 'hostless'> {
  const hostOfNode = options.upstream.host === 'node';
  let left = without;
  if (hostOfNode) left = without.size === 0 ? HOST : new Set([...without, 'host']);
  let lines = client.forwardedLines(left);
  if (own.length > 0) lines += headerLines(own);
  if (authorization !== undefined && client.headers.authorization === undefined) {
    lines += headerLines(['authorization', authorization]);
  }
  return { lines, hostless: hostOfNode || client.headers.host === undefined };
}
