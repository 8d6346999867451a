import type { IncomingMessage } from 'node:http';
import type { Peer } from '../../api/peer.js';

/** In which a worker tells the primary who sent a request. Believed on the primary's own socket only. */
export const PEER_HEADER = 'territory-peer';

export function writePeer({ address = '', encrypted }: Peer): string {
  return `${encrypted ? 'tls' : 'tcp'} ${address}`;
}

/** The peer as the worker told it: nobody where it told none. */
export function readPeer({ headers }: IncomingMessage): Peer {
  const found = /^(tls|tcp) ([0-9a-fA-F:.%\w]+)$/.exec(String(headers[PEER_HEADER] ?? ''));
  return { address: found?.[2], encrypted: found?.[1] === 'tls' };
}
