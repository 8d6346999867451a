import type { IncomingMessage } from 'node:http';
import { ForbiddenError } from './errors.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The name in a Host header without its port, in lower case; `undefined` for what is no host. */
export function hostName(header: string | undefined): string | undefined {
  return /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.exec(header ?? '')?.[1]?.toLowerCase();
}

/** Whether a Host header names this machine by a name that no one else can point at it. */
export function isLoopbackName(header: string | undefined): boolean {
  return LOOPBACK_NAMES.includes(hostName(header) ?? '');
}

/**
 * Refuses a request whose Host header is none of the names under which the API is known. A web page that points its own
 * name at this address (DNS rebinding) sends that name.
 * @param names host names without port, an IPv6 address in brackets or not
 * @returns throws a `ForbiddenError`
 */
export function hostCheck(names: readonly string[]): (request: IncomingMessage) => void {
  const known = new Set([
    ...LOOPBACK_NAMES,
    ...names
      .map((name) => name.toLowerCase())
      .map((name) => (name.includes(':') && !name.startsWith('[') ? `[${name}]` : name)),
  ]);
  return ({ headers, rawHeaders }) => {
    const name = hostName(headers.host);
    const hosts = rawHeaders.filter((header, i) => i % 2 === 0 && header.toLowerCase() === 'host').length;
    if (name !== undefined && hosts === 1 && known.has(name)) return;
    throw new ForbiddenError(
      `the Host header [${headers.host ?? ''}] is none of the names of this proxy; if it should be, list it under admin.hosts`,
    );
  };
}
