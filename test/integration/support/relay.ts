import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can fall silent as a network does that swallows every packet. */
export interface Relay {
  /** The server's URL, by way of the relay. */
  readonly url: string;
  /** From now on nothing passes, and nothing is closed: neither on connections that are there, nor on new ones. */
  silence(): void;
  /**
   * The next statement that holds this text reaches the server, and is carried out; its answer is lost, and the
   * connection with it.
   */
  loseAnswer(text: string): void;
  /** New connections pass again. Those from before stay silent for good. */
  heal(): void;
  close(): Promise<void>;
}

/** @param url of the server, which is on this machine */
export async function startRelay(url: string): Promise<Relay> {
  const port = Number(new URL(url).port);
  const sockets = new Set<Socket>();
  let silent = false;
  let doomed: string | undefined;
  const swallow = () => {
    for (const socket of sockets) socket.unpipe().removeAllListeners('data').removeAllListeners('end').resume();
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        if (!silent) other.destroy();
      });
    }
    if (silent) swallow();
    else client.pipe(upstream).pipe(client);
    client.on('data', (bytes: Buffer) => {
      if (doomed === undefined || !bytes.includes(doomed)) return;
      doomed = undefined;
      upstream
        .unpipe(client)
        .once('data', () => client.destroy())
        .resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relayed = new URL(url);
  relayed.port = String((server.address() as AddressInfo).port);
  return {
    url: relayed.href,
    silence() {
      silent = true;
      swallow();
    },
    loseAnswer(text) {
      doomed = text;
    },
    heal() {
      silent = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
