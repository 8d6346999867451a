/** Proxies that do nothing but forward, as one writes them in an afternoon. */
import { Agent, createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

type Listening = (port: number) => void;

export function startBareAgent(upstream: string, listening: Listening): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  serve((request, response) => {
    const { method, url, headers } = request;
    const forwarded = httpRequest(`${upstream}${url}`, { method: method!, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  }, listening);
}

/** Buffered, on undici's lowest level. */
export function startBareUndici(upstream: string, listening: Listening): void {
  const pool = new Pool(upstream, { connections: 128 });
  serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host, connection, 'content-length': length, ...headers } = request.headers;
      const body = chunks.length === 0 ? null : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      pool.dispatch(
        { path: request.url!, method: request.method as 'POST', headers, body },
        {
          onConnect: () => undefined,
          onHeaders: (status, raw, resume) => {
            response.on('drain', resume);
            response.writeHead(status, raw.map(String));
            return true;
          },
          onData: (chunk) => response.write(chunk),
          onComplete: () => void response.end(),
          onError: () => response.destroy(),
        },
      );
    });
  }, listening);
}

function serve(handler: RequestListener, listening: Listening): void {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port));
}
