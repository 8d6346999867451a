import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { peerOf } from '../../api/peer.js';
import { answerError } from '../../proxy/error-answer.js';
import { TerritoryInternalError } from '../../proxy/errors.js';
import { forwardedHeaders } from '../../proxy/headers.js';
import { NodeClient } from '../../proxy/node-client.js';
import { PEER_HEADER, writePeer } from './peer-header.js';

/** The client's own is not believed. */
const OWN: ReadonlySet<string> = new Set([PEER_HEADER]);

/**
 * Passes requests for `/_territory` on to the primary, which alone has all the figures, as they came, with who sent them;
 * and its answers back.
 * @param socket the primary's unix socket
 */
export function apiRelay(socket: string): (request: IncomingMessage, response: ServerResponse) => void {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 16 });
  return (request, response) => {
    const { method, url: path, rawHeaders, headers } = request;
    const forwarded = forwardedHeaders(rawHeaders, OWN);
    forwarded.push(PEER_HEADER, writePeer(peerOf(request)));
    if (headers['content-length'] !== undefined) forwarded.push('content-length', headers['content-length']);
    else if (headers['transfer-encoding'] !== undefined) forwarded.push('transfer-encoding', 'chunked');
    const fail = (error: Error): void => {
      if (response.headersSent) response.destroy();
      else {
        const reason = `the API can't be reached: ${error.message}`;
        answerError(new NodeClient(request, response, false), new TerritoryInternalError(reason));
      }
    };
    const relayed = send({ socketPath: socket, agent, method, path, headers: forwarded }, (answer) => {
      const headers = forwardedHeaders(answer.rawHeaders);
      const length = answer.headers['content-length'];
      if (length !== undefined) headers.push('content-length', length);
      response.writeHead(answer.statusCode as number, answer.statusMessage, headers);
      // Events come one by one; the head must not wait for the first.
      if (length === undefined) response.flushHeaders();
      answer.on('error', () => response.destroy()).pipe(response);
    });
    relayed.on('error', fail);
    // The client goes away: nobody waits for the answer, which may have no end (events).
    response.on('close', () => relayed.destroy());
    request.pipe(relayed);
  };
}
