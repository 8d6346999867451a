import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections that a server has taken, whatever becomes of them: who reads them, whether they have shaken hands, and
 * whether a request ever comes.
 */
export class Connections {
  /** By their ends: over TLS another socket takes the place of the one that came. */
  readonly #all = new Map<string, Socket>();

  /** @param secure whether they speak TLS */
  constructor(server: Server, secure: boolean) {
    server.on('connection', (socket: Socket) => this.#add(socket));
    if (secure) server.on('secureConnection', (socket: Socket) => this.#add(socket));
  }

  /** Cuts off all on which nothing is under way: those that have not shaken hands or not sent a whole head among them. */
  closeIdle(isBusy: (socket: Socket) => boolean): void {
    for (const socket of [...this.#all.values()]) if (!isBusy(socket)) socket.destroy();
  }

  /** Cuts off all. */
  closeAll(): void {
    for (const socket of [...this.#all.values()]) socket.destroy();
  }

  #add(socket: Socket): void {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    const ends = `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
    this.#all.set(ends, socket);
    socket.once('close', () => {
      if (this.#all.get(ends) === socket) this.#all.delete(ends);
    });
  }
}
