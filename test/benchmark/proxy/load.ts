import { connect, type Socket } from 'node:net';

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Microseconds from a request sent to its answer whole, in ascending order. */
  readonly latencies: Float64Array;
}

/** How a chunked answer ends, and the length of one. */
const LAST_CHUNK = '\r\n0\r\n\r\n';
const CHUNKED = -1;

/**
 * Sends the same request over and over on `connections` connections, one at a time on each, until `requests` were
 * answered.
 */
export async function sendLoad(port: number, request: Buffer, connections: number, requests: number): Promise<Load> {
  const latencies = new Float64Array(requests);
  let sent = 0;
  let done = 0;
  const began = performance.now();
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
          let got = 0;
          let length = 0;
          let tail = '';
          let start = 0;
          const next = (): void => {
            if (sent >= requests) {
              socket.destroy();
              resolve();
              return;
            }
            sent += 1;
            got = 0;
            length = 0;
            tail = '';
            start = performance.now();
            socket.write(request);
          };
          socket.on('connect', next).on('error', reject);
          socket.on('close', () => reject(new Error(`port ${port} closed the connection after ${done} answers`)));
          socket.on('data', (chunk) => {
            got += chunk.length;
            if (length === 0) {
              const end = chunk.indexOf('\r\n\r\n');
              const head = chunk.toString('latin1', 0, end);
              if (!head.startsWith('HTTP/1.1 200'))
                reject(new Error(`unexpected answer: ${chunk.toString().slice(0, 600)}`));
              const announced = /content-length: (\d+)/i.exec(head)?.[1];
              length = announced === undefined ? CHUNKED : end + 4 + Number(announced);
            }
            if (length === CHUNKED) tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 7))).slice(-7);
            if (got === length || (length === CHUNKED && tail === LAST_CHUNK)) {
              latencies[done] = (performance.now() - start) * 1000;
              done += 1;
              next();
            }
          });
        }),
    ),
  );
  return { requests, seconds: (performance.now() - began) / 1000, latencies: latencies.sort() };
}
