import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';

/** The primary's side of the API: a unix socket in a folder that only this user can enter. */
export class ApiSocket {
  readonly path: string;
  readonly #server: Server;

  constructor(folder: string, api: RequestListener) {
    this.path = join(folder, 'api.sock');
    // A worker keeps its connections for as long as it lives, and took the request: what it took is answered here.
    const options = { keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: 512 * 1024, requireHostHeader: false };
    this.#server = createServer(options, api);
    this.#server.maxHeadersCount = 0;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(this.path, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
