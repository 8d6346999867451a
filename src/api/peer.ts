import type { IncomingMessage } from 'node:http';

/** Who sent a request, and how. */
export interface Peer {
  /** Address of the client; `undefined` where it is gone. */
  readonly address: string | undefined;
  /** Whether it spoke TLS. */
  readonly encrypted: boolean;
}

/** The peer as the connection tells it. */
export function peerOf({ socket }: IncomingMessage): Peer {
  return { address: socket.remoteAddress, encrypted: 'encrypted' in socket && socket.encrypted === true };
}
