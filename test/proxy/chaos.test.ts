import type { Socket } from 'node:net';
import { SEED } from '../support/seed.js';
import { eventually, RawClient, startProxy } from './support/proxy.js';
import { answer, type ReceivedRequest, StubUpstream } from './support/upstream.js';

/** A generator of numbers from 0 to `below - 1`, the same for the same seed (a linear congruential one). */
function randomInts(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = randomInts(SEED);
const CLIENTS = 40;
const REQUESTS_EACH = 25;

/** Echoes the path, in one of the ways of a server on a bad day. */
function badDay({ head }: ReceivedRequest, socket: Socket): Buffer | undefined {
  const path = head.split(' ')[1]!;
  const whole = answer(path);
  switch (random(12)) {
    case 0:
      socket.resetAndDestroy();
      return undefined;
    case 1:
      socket.write(whole.subarray(0, random(whole.length)));
      setTimeout(() => socket.destroy(), random(5));
      return undefined;
    case 2:
      setTimeout(() => socket.write(whole), random(40));
      return undefined;
    case 3:
      for (const byte of whole) socket.write(Buffer.from([byte]));
      return undefined;
    case 4:
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${path.length.toString(16)}\r\n${path}\r\n`);
      setTimeout(() => socket.write('0\r\n\r\n'), random(10));
      return undefined;
    case 5:
      socket.end(answer(path, 'connection: close\r\n'));
      return undefined;
    case 6:
      return Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'), whole]);
    default:
      return whole;
  }
}

function requestFor(path: string): string {
  const body = ['', '{}', 'TERRITORY', `{"pad":"${'x'.repeat(random(100_000))}"}`][random(4)]!;
  const line = `${['GET', 'POST', 'PUT'][random(3)]} ${path}${['', '/_search', '/_bulk'][random(3)]}?z HTTP/1.1\r\nHost: x\r\n`;
  if (random(2) === 0) return `${line}Content-Length: ${body.length}\r\n\r\n${body}`;
  return `${line}Transfer-Encoding: chunked\r\n\r\n${body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;
}

it('survives a bad day of Elasticsearch and of its clients: right answers, reported failures, nothing left over', async () => {
  const stub = await new StubUpstream(badDay).listen();
  const proxy = await startProxy({ nodes: [stub.url], upstream: { connections: 8, timeoutMs: 20_000 } });
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, number) => {
      let client = new RawClient(proxy.port);
      for (let i = 0; i < REQUESTS_EACH; i++) {
        const path = `/c${number}-${i}`;
        const request = requestFor(path);
        client.bytes = Buffer.alloc(0);
        if (random(8) === 0) {
          client.send(request.slice(0, random(request.length)));
          await new Promise((resolve) => setTimeout(resolve, random(10)));
          client.close();
          client = new RawClient(proxy.port);
          count('went away');
          continue;
        }
        client.send(request);
        await eventually(
          () => client.socket.destroyed || /\r\n\r\n[\s\S]*(?:\?z(?:\r\n0\r\n\r\n|\r\n)?|\})$/.test(client.text),
        );
        if (client.socket.destroyed) {
          count('cut off');
          client = new RawClient(proxy.port);
        } else if (/^HTTP\/1\.1 502 /.test(client.text)) {
          count('502');
        } else {
          expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
          expect(/(\/c\d+-\d+)/.exec(client.text)![1]).toBe(path);
          count('200');
          // The end of a chunked answer may still be on its way.
          if (/transfer-encoding/i.test(client.text)) await client.until(/0\r\n\r\n$/);
        }
      }
      client.close();
    }),
  );
  await eventually(() => proxy.server.inFlight === 0);
  expect(outcomes.get('200')).toBeGreaterThan((CLIENTS * REQUESTS_EACH) / 2);
  expect(outcomes.get('502')).toBeGreaterThan(0);
  expect(proxy.records.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThanOrEqual(
    outcomes.get('502')!,
  );
  await proxy.close();
  await eventually(() => stub.sockets.size === 0);
  await stub.close();
});
