import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What is longer goes in pieces, uncopied: the copy would cost more than the second write. */
const MOST = 64 * 1024;

let scratch = Buffer.allocUnsafeSlow(MOST);

/**
 * Writes a head and a body, or its beginning, in one write.
 * @param head Latin-1
 * @param body copied where `borrowed`: the caller may overwrite it at once
 * @returns as `socket.write`
 */
export function writeTogether(socket: Socket, head: string, body: Buffer | undefined, borrowed: boolean): boolean {
  if (body === undefined || body.length === 0) return socket.write(head, 'latin1');
  const length = head.length + body.length;
  if (length > MOST || (socket as Partial<TLSSocket>).encrypted === true) {
    socket.cork();
    if (head !== '') socket.write(head, 'latin1');
    const more = socket.write(borrowed ? Buffer.from(body) : body);
    socket.uncork();
    return more;
  }
  scratch.write(head, 0, 'latin1');
  scratch.set(body, head.length);
  const more = socket.write(scratch.subarray(0, length));
  // What the kernel did not take at once is still to be read from there.
  if (socket.writableLength > 0) scratch = Buffer.allocUnsafeSlow(MOST);
  return more;
}
