import type { IncomingMessage } from 'node:http';
import { type TerritoryError, TerritoryTooLargeError } from '../territory/errors.js';
import { TerritorySlowBodyError } from './errors.js';
import { GatheredBody } from './gathered-body.js';
import { Pace } from './pace.js';
import type { SlowBodies } from './slow-bodies.js';

/** The error for a body over the limit. */
export function bodyTooLarge(limit: number): TerritoryTooLargeError {
  return new TerritoryTooLargeError(`the body is longer than the ${limit} bytes that limits.bodyBytes allows`);
}

/** The error for a body that does not come on. */
export function bodyTooSlow(silenceMs: number): TerritorySlowBodyError {
  return new TerritorySlowBodyError(
    `nothing more of the body came within ${silenceMs} ms (limits.silenceMs), and its place is for others: send the request again, faster`,
  );
}

/**
 * Reads a body whole. `done` is called once, with the bytes or with an error; never when the client goes away first.
 * @param silenceMs how long nothing may come, in ms; 0: for ever
 * @param slow among which it is one while it is read
 * @param grows told the length so far; an error that it returns stops the reading
 */
export function readBody(
  request: IncomingMessage,
  silenceMs: number,
  slow: SlowBodies | undefined,
  grows: (length: number) => TerritoryError | undefined,
  done: (error: TerritoryError | undefined, body: Buffer) => void,
): void {
  const gathered = new GatheredBody();
  const pace = slow && new Pace(slow.least);
  const onData = (chunk: Buffer): void => {
    pace?.came(chunk.length);
    const error = grows(gathered.length + chunk.length);
    if (error !== undefined) stop(error);
    else gathered.add(chunk);
  };
  const onEnd = (): void => {
    leave();
    done(undefined, gathered.whole());
  };
  const onSilence = (): void => stop(bodyTooSlow(silenceMs));
  const leave = (): void => {
    slow?.delete(own);
    request.off('data', onData).off('end', onEnd).off('timeout', onSilence).setTimeout(0);
  };
  const stop = (error: TerritoryError): void => {
    leave();
    request.pause();
    done(error, EMPTY);
  };
  const own = {
    get tooSlow() {
      return pace?.tooSlow;
    },
    giveWay: stop,
  };
  slow?.add(own);
  request.once('close', () => slow?.delete(own));
  request.on('data', onData).on('end', onEnd).on('timeout', onSilence).setTimeout(silenceMs);
}

const EMPTY = Buffer.alloc(0);
