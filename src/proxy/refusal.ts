import type { IncomingMessage } from 'node:http';
import { type TerritoryError, TerritoryUnsupportedError } from '../territory/errors.js';
import { headerCount } from './headers.js';

/**
 * Why a request that Node's parser let pass goes no further: forms that two servers may read differently.
 * @returns an error (400), or `undefined` where all is well
 */
export function refusal(request: IncomingMessage): TerritoryError | undefined {
  // Of HTTP/0.9 Node's parser makes a request that has neither version nor headers.
  if (request.httpVersionMajor !== 1) {
    return new TerritoryUnsupportedError(`HTTP/${request.httpVersion} can't be forwarded: only HTTP/1.1 and 1.0 can`);
  }
  const target = request.url ?? '';
  if (!target.startsWith('/')) {
    return new TerritoryUnsupportedError(`no handler found for uri [${target}]: the target must be a path`);
  }
  const encoding = request.headers['transfer-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'chunked') {
    return new TerritoryUnsupportedError(`Transfer-Encoding [${encoding}] can't be forwarded: only [chunked] can`);
  }
  if (encoding !== undefined && request.httpVersion !== '1.1') {
    return new TerritoryUnsupportedError('Transfer-Encoding needs HTTP/1.1');
  }
  if (headerCount(request.rawHeaders, 'host') > 1) {
    return new TerritoryUnsupportedError('the request has more than one Host');
  }
  return undefined;
}
