import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending a body that nobody wants, in ms, and how often it is looked at. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 50;

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
  const { socket } = request;
  const began = performance.now();
  const before = socket.bytesRead;
  // Node drops what comes after the answer where it can, and tells nobody: only the socket knows how much it was.
  const look = setInterval(() => {
    if (socket.bytesRead - before > most || performance.now() - began > PATIENCE_MS) socket.destroy();
  }, LOOK_MS).unref();
  const over = (): void => clearInterval(look);
  request.once('end', over).once('close', over).resume();
}
