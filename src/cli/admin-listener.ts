import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { toListenerTls } from '../config/options.js';
import type { Config } from '../config/schema.js';

/** The listener of `admin.port`, for the API alone. It speaks TLS where the proxy does. */
export class AdminListener {
  readonly #server: Server;
  readonly #address: { host: string; port: number };

  constructor(config: Config, port: number, api: RequestListener) {
    this.#address = { host: config.admin.host, port };
    const tls = toListenerTls(config.tls);
    if (tls === undefined) this.#server = createServer(api);
    else {
      const { clientCertificate, ...files } = tls;
      this.#server = createTlsServer({ ...files, requestCert: clientCertificate === 'required' }, api);
    }
  }

  /** Rejects where the address can't be had. */
  listen(): Promise<AddressInfo> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject).listen(this.#address, () => {
        server.off('error', reject);
        resolve(server.address() as AddressInfo);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.close((error) => (error === undefined ? resolve() : reject(error)));
      this.#server.closeAllConnections();
    });
  }
}
