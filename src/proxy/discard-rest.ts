import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending a body that nobody wants, in ms. */
const PATIENCE_MS = 15_000;

/**
 * Takes in what is left of a body after the answer, so that the client reads the answer (closing at once would reset the
 * connection under it) and the connection can be used again. A client that sends more than `most` bytes, or for too
 * long, is cut off.
 */
export function discardRest(request: IncomingMessage, most: number): void {
  if (request.complete || request.destroyed) {
    if (request.readableFlowing === false) request.resume();
    return;
  }
  let left = most;
  const timer = setTimeout(() => request.socket.destroy(), PATIENCE_MS).unref();
  const over = (): void => clearTimeout(timer);
  request
    .on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) request.socket.destroy();
    })
    .once('end', over)
    .once('close', over)
    .resume();
}
