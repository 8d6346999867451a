import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ForbiddenError, UnauthenticatedError } from './errors.js';
import { isLoopbackName } from './host-check.js';
import { type Peer, peerOf } from './peer.js';

/**
 * The right to change something, and to see query texts and client addresses.
 *
 * With a token: whoever sends it as `Authorization: Bearer`; never in a cookie, so no web page can make a browser send
 * it. Without one: who connects from this machine, and not for another (a forwarding proxy, a web page of another
 * origin, a rebound name).
 */
export class AdminRight {
  readonly #token: Buffer | undefined;
  readonly #peer: (request: IncomingMessage) => Peer;

  /** @param peer who sent a request: as the connection tells it, where absent */
  constructor(token: string | null, peer: (request: IncomingMessage) => Peer = peerOf) {
    this.#token = token === null ? undefined : digest(token);
    this.#peer = peer;
  }

  /** @returns why the request has no right; `undefined` where it has */
  refusal(request: IncomingMessage): UnauthenticatedError | ForbiddenError | undefined {
    return this.#token === undefined ? localRefusal(request, this.#peer(request)) : tokenRefusal(request, this.#token);
  }
}

function tokenRefusal({ headers }: IncomingMessage, token: Buffer): UnauthenticatedError | undefined {
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  // Both sides are hashed first, so that the comparison tells nothing of the length either.
  if (given !== undefined && timingSafeEqual(digest(given), token)) return undefined;
  return new UnauthenticatedError('this needs the admin token as [Authorization: Bearer …]');
}

function localRefusal({ headers }: IncomingMessage, peer: Peer): ForbiddenError | undefined {
  const because = (reason: string) =>
    new ForbiddenError(`${reason}; without an admin token this is only for clients on this machine`);
  if (!isLoopbackAddress(peer.address)) return because(`the client [${peer.address ?? ''}] is not local`);
  const forwarded = Object.keys(headers).find((name) => /^(forwarded|via|x-forwarded-.*)$/.test(name));
  if (forwarded !== undefined) return because(`the header [${forwarded}] says that the request was forwarded`);
  if (!isLoopbackName(headers.host)) return because(`the Host header [${headers.host ?? ''}] is not localhost`);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return because(`a web page of another site asks [Sec-Fetch-Site: ${site}]`);
  }
  const { origin } = headers;
  const scheme = peer.encrypted ? 'https' : 'http';
  if (origin !== undefined && origin !== `${scheme}://${headers.host}`) {
    return because(`a web page of another origin asks [Origin: ${origin}]`);
  }
  return undefined;
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address ?? '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
