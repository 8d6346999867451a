import { pipeline } from 'node:stream/promises';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { TerritoryTree } from '../territory/tree.js';
import type { EventFeed } from './event-feed.js';

interface UnitList {
  readonly tree: TerritoryTree;
  /** Indices of units in the tree. */
  readonly units: ArrayLike<number>;
}

/** Units that are made and sent at once: a millisecond or two, so that searches don't wait for a long list. */
const SLICE = 200;

/** Answers JSON, indented where `?pretty` asks for it. */
export function sendJson(request: Request, response: Response, status: number, value: unknown): void {
  const indent = isPretty(request);
  const text = indent ? `${JSON.stringify(value, undefined, 2)}\n` : JSON.stringify(value);
  response.status(status).set('content-length', `${Buffer.byteLength(text)}`);
  response.setHeader('content-type', 'application/json'); // set() would add a charset, which JSON has none of
  response.end(request.method === 'HEAD' ? '' : text);
}

/** Answers `{version, units}`; a long list in slices, between which other requests are served. */
export async function sendUnits(request: Request, response: Response, { tree, units }: UnitList): Promise<void> {
  if (units.length <= SLICE) {
    sendJson(request, response, 200, { version: tree.version, units: Array.from(units, (unit) => tree.unitAt(unit)) });
    return;
  }
  response.setHeader('content-type', 'application/json');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(slices({ tree, units }, isPretty(request) ? 2 : undefined), response);
  } catch (error) {
    // The client went away: there is no one left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Answers the events of a feed, until the client goes away or the feed ends them. */
export function sendEvents(request: Request, response: Response, feed: EventFeed): void {
  const head = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
  if (request.method === 'HEAD') {
    response.set(head).end();
    return;
  }
  let begun = false;
  const remove = feed.add({
    write(text) {
      // The feed may refuse before it writes: that is answered as any error.
      if (!begun) response.set(head);
      begun = true;
      response.write(text);
    },
    waiting: () => response.writableLength,
    end: () => response.end(),
  });
  response.on('close', remove);
}

async function* slices({ tree, units }: UnitList, indent: number | undefined): AsyncGenerator<string> {
  yield `{"version":${JSON.stringify(tree.version)},"units":[`;
  for (let from = 0; from < units.length; from += SLICE) {
    const texts: string[] = [];
    for (let i = from; i < Math.min(from + SLICE, units.length); i += 1) {
      texts.push(JSON.stringify(tree.unitAt(units[i] as number), undefined, indent));
    }
    yield (from === 0 ? '' : ',\n') + texts.join(',\n');
    await otherWork();
  }
  yield ']}\n';
}

function isPretty({ query: { pretty } }: Request): boolean {
  return pretty !== undefined && pretty !== 'false';
}
