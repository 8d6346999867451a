import { request } from 'node:http';

/** A request that has neither an answer nor an end after this long is lost, in ms. */
const HANG_MS = 120_000;

/**
 * Sends one request and gives what became of it: `{ status, headers, body }`, or `{ broken }` with the code of the failed
 * connection, or `{ hung: true }`.
 *
 * @param {{ method?: string, path: string, body?: Buffer | string, type?: string, slow?: boolean, leave?: boolean }} asked
 *   `slow` reads the answer with pauses; `leave` goes away at the answer's first bytes
 */
export function exchange(agent, url, { method = 'POST', path, body, type = 'application/json', slow, leave }) {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const sent = request({ hostname, port, agent, method, path, headers });
    const settle = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      settle({ hung: true });
      sent.destroy();
    }, HANG_MS);
    const broken = (error) => settle({ broken: error.code ?? error.message });
    sent.on('error', broken).on('response', (response) => {
      const chunks = [];
      response.on('error', broken).on('data', (chunk) => {
        if (leave) {
          settle({ left: true });
          sent.destroy();
          return;
        }
        chunks.push(chunk);
        if (!slow) return;
        response.pause();
        setTimeout(() => response.resume(), 5);
      });
      response.on('end', () => {
        settle({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
  });
}
