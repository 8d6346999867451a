import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The sockets that a server has taken, whatever becomes of them: who reads them, whether they have shaken hands, and
 * whether a request ever comes.
 */
export class Connections {
  readonly #all = new Set<Socket>();
  /** Those that have not shaken hands, by their ends. */
  readonly #shaking = new Map<string, Socket>();

  /** @param secure whether they speak TLS */
  constructor(server: Server, secure: boolean) {
    server.on('connection', (socket: Socket) => {
      this.#all.add(socket);
      const ends = endsOf(socket);
      if (secure) this.#shaking.set(ends, socket);
      socket.once('close', () => {
        this.#all.delete(socket);
        if (this.#shaking.get(ends) === socket) this.#shaking.delete(ends);
      });
    });
    // It is another socket that is secure, on top of the one that came.
    if (secure) server.on('secureConnection', (socket: Socket) => this.#shaking.delete(endsOf(socket)));
  }

  /** Cuts off those that have not shaken hands: no request can be under way on them. */
  closeShaking(): void {
    for (const socket of [...this.#shaking.values()]) socket.destroy();
  }

  /** Cuts off all. */
  closeAll(): void {
    for (const socket of [...this.#all]) socket.destroy();
  }
}

function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
}
