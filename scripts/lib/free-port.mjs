import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that a system gives to whoever asks for any one. */
const [FROM, TO] = [10_240, 32_000];

/** Whether nothing listens on a port of 127.0.0.1. */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * A port for a server that has to come back on it, or whose port must be known before it listens. One that the system
 * gave and got back may be given to somebody else meanwhile; this one may only be drawn once more, by the same lot.
 * @returns {Promise<number>} free at the moment
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) return port;
  }
}
