import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { UpstreamOptions } from '../options.js';

/** Where all plain connections read into: what is read is used up, or copied, before the next read. */
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

/** Longest wait for a connection where the options say nothing, in ms. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Opens connections to one node. */
export class Connector {
  readonly #url: URL;
  readonly #options: UpstreamOptions;
  readonly #host: string;
  readonly #port: number;
  #session: Buffer | undefined;

  constructor(url: URL, options: UpstreamOptions) {
    this.#url = url;
    this.#options = options;
    this.#host = url.hostname.replace(/^\[|\]$/g, '');
    this.#port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  }

  /**
   * Begins to connect.
   * @param read gets what comes; the bytes are good during the call only
   * @param ready called once it is connected, over TLS once the certificate is checked
   * @returns a socket; failures come as its `error`, one that took too long with the code `ETIMEDOUT`
   */
  open(read: (bytes: Buffer) => void, ready: () => void): Socket {
    const socket = this.#url.protocol === 'https:' ? this.#secure(read, ready) : this.#plain(read, ready);
    const ms = this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error(`no connection within ${ms} ms`), { code: 'ETIMEDOUT' }));
    }, ms);
    const over = (): void => clearTimeout(late);
    socket.once(this.#url.protocol === 'https:' ? 'secureConnect' : 'connect', over).once('close', over);
    return socket.setNoDelay(true).setKeepAlive(true, 30_000);
  }

  #plain(read: (bytes: Buffer) => void, ready: () => void): Socket {
    const callback = (length: number, buffer: Uint8Array): boolean => {
      read((buffer as Buffer).subarray(0, length));
      return true;
    };
    return connectPlain({ host: this.#host, port: this.#port, onread: { buffer: SHARED, callback } }, ready);
  }

  #secure(read: (bytes: Buffer) => void, ready: () => void): Socket {
    const { ca, cert, key, passphrase, rejectUnauthorized } = this.#options.tls ?? {};
    const socket = connectTls(
      {
        host: this.#host,
        port: this.#port,
        // An address has no name to ask for (RFC 6066, 3); the name to check is the node's, whatever Host a client sends.
        ...(isIP(this.#host) === 0 ? { servername: this.#host } : {}),
        ...(ca == null ? {} : { ca }),
        ...(cert == null ? {} : { cert }),
        ...(key == null ? {} : { key }),
        ...(passphrase == null ? {} : { passphrase }),
        ...(rejectUnauthorized == null ? {} : { rejectUnauthorized }),
        ...(this.#session === undefined ? {} : { session: this.#session }),
        ALPNProtocols: ['http/1.1'],
      },
      ready,
    );
    return socket
      .on('session', (session: Buffer) => {
        this.#session = session;
      })
      .on('data', read);
  }
}
