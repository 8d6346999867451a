import { runs, SEED } from '../support/seed.js';
import { eventually, RawClient, startProxy, type TestProxy } from './support/proxy.js';
import { answer, StubUpstream } from './support/upstream.js';

/** mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const STREAMS = runs(150);
const random = randomFrom(SEED);
const one = <T>(list: readonly T[]): T => list[random(list.length)]!;

const TRACE = 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\ntracestate: a=b\r\n';

function request(place: number): string {
  const body = one(['', '{}', '{"q":"TERRITORY"}', 'NOWHERE', 'x'.repeat(random(5000)), 'x'.repeat(200_000)]);
  const method = one(['GET', 'POST', 'POST', 'PUT', 'HEAD', 'DELETE', 'PATCH']);
  const path = one([
    '/_search',
    '/a/_bulk',
    '/a/_doc/1',
    '/_territory',
    '/_territoryx',
    '/a%2Fb',
    '/_count?q=TERRITORY',
  ]);
  const head = `${method} ${path}${path.includes('?') ? '&' : '?'}n=${place} HTTP/1.1\r\nHost: x\r\n`;
  const more = one([
    '',
    '',
    '',
    'X-Opaque-Id: me\r\n',
    'X-A:1\r\n',
    'Connection: keep-alive\r\n',
    'X-Latin: \xe9\r\n',
    TRACE,
  ]);
  const accept = one(['', 'Accept: application/vnd.elasticsearch+json; compatible-with=8\r\n']);
  if (random(5) === 0) {
    const chunks = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`;
    return `${head}${more}${accept}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
  }
  return `${head}${more}${accept}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** Cuts a text where chance will have it: mostly in few places. */
function pieces(text: string): string[] {
  const cuts = Array.from({ length: random(6) }, () => random(text.length)).sort((a, b) => a - b);
  return [...cuts, text.length].map((cut, i) => text.slice(i === 0 ? 0 : cuts[i - 1], cut));
}

/** What may differ from one time to the next, or not matter. */
function settled(text: string): string {
  return text.replace(/territory;dur=[\d.]+/g, 'territory;dur=0').replace(/^Date: .*\r\n/gm, '');
}

async function send(proxy: TestProxy, parts: readonly string[], count: number): Promise<string> {
  const client = new RawClient(proxy.port);
  for (const part of parts) {
    client.send(part);
    if (parts.length > 1) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const heads = /HTTP\/1\.1 \d{3} /g;
  const answered = () => (client.text.match(heads) ?? []).length;
  await eventually(() => client.socket.destroyed || answered() >= count).catch(() => {
    throw new Error(
      `${answered()} answers to ${JSON.stringify(parts.map((part) => `${part.slice(0, 200)}… (${part.length})`))}`,
    );
  });
  await eventually(() => client.socket.destroyed || proxy.server.inFlight === 0);
  // What the proxy wrote lies in this client's socket: each turn of the event loop reads what is there.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  client.close();
  return settled(client.text);
}

it('does to every stream of requests, cut wherever, what node:http alone does', async () => {
  const respond = ({ head }: { head: string }) => {
    const target = head.split(' ')[1]!;
    if (/n=1/.test(target))
      return 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'.slice(
        ...(head.startsWith('HEAD') ? [0, -12] : [0]),
      );
    return head.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n' : answer(target);
  };
  const stubs = [await new StubUpstream(respond).listen(), await new StubUpstream(respond).listen()];
  const fast = await startProxy({ nodes: [stubs[0]!.url], fastPath: true });
  const slow = await startProxy({ nodes: [stubs[1]!.url], fastPath: false });
  for (let run = 0; run < STREAMS; run++) {
    const count = 1 + random(4);
    const requests = Array.from({ length: count }, (_, i) => request(i));
    const parts = pieces(requests.join(''));
    const label = JSON.stringify(requests.map((text) => text.slice(0, 300)));
    const [byFast, bySlow] = await Promise.all([send(fast, parts, count), send(slow, parts, count)]);
    expect([label, byFast]).toEqual([label, bySlow]);
    const seen = stubs.map(({ requests }) =>
      requests
        .splice(0)
        .map(({ head, body }) => `${settled(head)}${body.toString('latin1')}`)
        .sort(),
    );
    expect([label, unchunked(seen[0]!)]).toEqual([label, unchunked(seen[1]!)]);
  }
  expect(told(fast)).toEqual(told(slow));
  await Promise.all([fast.close(), slow.close()]);
  await Promise.all(stubs.map((stub) => stub.close()));
}, 3_600_000);

/** What the observer was told, but for the times. */
function told({ records }: TestProxy): string[] {
  const timed = /^(?:time|.*Micros|.*At)$/;
  return records.map((record) => JSON.stringify(record, (key, value) => (timed.test(key) ? 0 : value))).sort();
}

/** The frames of a body that streams in chunks are those of the reads; what is in them counts. */
function unchunked(requests: readonly string[]): string[] {
  return requests.map((text) =>
    /transfer-encoding: chunked/i.test(text) ? text.replace(/\r\n[0-9a-f]+\r\n/g, '') : text,
  );
}

it('closes connections that are idle, and those under way with their answer', async () => {
  const stub = await new StubUpstream((_request, socket) => {
    setTimeout(() => socket.write(answer('{"late":1}')), 300);
    return undefined;
  }).listen();
  const proxy = await startProxy({ nodes: [stub.url], fastPath: true });
  const idle = new RawClient(proxy.port);
  const busy = new RawClient(proxy.port).send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
  await stub.received(1);
  const closed = proxy.server.close({ graceMs: 5000 });
  await busy.until(/\r\nConnection: close\r\n[\s\S]*late/);
  await Promise.all([closed, idle.closed, busy.closed]);
  await stub.close();
});

it('hands over what comes for its own API, and serves the requests before it', async () => {
  const stub = await new StubUpstream().listen();
  const proxy = await startProxy({ nodes: [stub.url], fastPath: true });
  const client = new RawClient(proxy.port).send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/\{\}$/);
  client.send('GET /_territory/livez HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/internal/);
  client.send('GET /b HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/internal[\s\S]*\{\}$/);
  client.close();
  await proxy.close();
  await stub.close();
});
