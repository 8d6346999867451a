import type { UpstreamAuth } from './options.js';

/** The `Authorization` that the proxy adds where a client sends none; `undefined` where it has no credentials. */
export function ownAuthorization(auth: UpstreamAuth | null | undefined, nodes: readonly URL[]): string | undefined {
  if (auth === null || auth === undefined) {
    const named = nodes.find((node) => node.username !== '');
    if (named === undefined) return undefined;
    return basic(decodeURIComponent(named.username), decodeURIComponent(named.password));
  }
  if ('bearer' in auth) return `Bearer ${auth.bearer}`;
  if ('apiKey' in auth) return `ApiKey ${auth.apiKey}`;
  return basic(auth.username, auth.password);
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
