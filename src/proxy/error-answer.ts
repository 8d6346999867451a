import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TerritoryError } from '../territory/errors.js';
import type { Client } from './client.js';

/** Seconds after which a client that was too many may come again. */
const RETRY_AFTER = '1';

/** An error as Elasticsearch writes its own, as the bytes of a body. */
export function errorBody(error: TerritoryError): Buffer {
  return Buffer.from(JSON.stringify(error.toBody()));
}

/**
 * Answers with JSON of the proxy's own as Elasticsearch would: its product header, the media type that the client asked
 * for, its `X-Opaque-Id`. To HEAD without the body.
 */
export function answerBytes(client: Client, status: number, body: Buffer): void {
  const opaqueId = client.headers['x-opaque-id'];
  client.answer(
    status,
    [
      'X-elastic-product',
      'Elasticsearch',
      ...(opaqueId === undefined ? [] : ['X-Opaque-Id', opaqueId]),
      'content-type',
      mediaType(client.headers.accept),
      'content-length',
      String(body.length),
      ...(status === 429 ? ['Retry-After', RETRY_AFTER] : []),
    ],
    body,
  );
}

/** Answers with an error. */
export function answerError(client: Client, error: TerritoryError): void {
  answerBytes(client, error.status, errorBody(error));
}

/** Elasticsearch's own media type with `compatible-with` is given back to who asked for it. */
function mediaType(accept: string | undefined): string {
  const asked =
    accept === undefined ? null : /application\/vnd\.elasticsearch\+json\s*;\s*compatible-with=\d+/i.exec(accept);
  return asked === null ? 'application/json' : asked[0];
}

/** How long a client that was told so may take to read it, in ms: closing at once could reset the connection under it. */
const LINGER_MS = 2_000;

const leaving = new WeakSet<Socket>();

/** Answers what was no request at all, and closes the connection. */
export function answerMalformed(socket: Socket, error: NodeJS.ErrnoException): void {
  // It was told already, and goes on sending.
  if (leaving.has(socket) && error.code !== 'ECONNRESET') return;
  // As Node's own handler: bytes in the midst of an answer under way would be taken for a part of it.
  const midway = (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent;
  if (error.code === 'ECONNRESET' || !socket.writable || midway) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const cause = { type: 'territory_unsupported_exception', reason: `not a request of HTTP/1.1: ${error.message}` };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status });
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  leaving.add(socket);
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(late));
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
