/**
 * One server of the proxy benchmark in a process of its own: `node server.js KIND [upstream port]`. It tells its parent
 * its port, and its CPU time whenever it is asked.
 */
import { Agent, createServer as createHttpServer, request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Pool } from 'undici';
import { Rewriters } from '../../../src/proxy/rewriters.js';
import { ProxyServer } from '../../../src/proxy/server.js';
import { mergeMsearch } from '../../../src/query/msearch.js';
import { Rewriter } from '../../../src/query/rewriter.js';
import { franceTree } from '../france.js';

/** About what a search for ten titles answers. */
const ANSWER = Buffer.from(
  JSON.stringify({
    took: 3,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      total: { value: 345, relation: 'eq' },
      hits: Array.from({ length: 10 }, (_, i) => ({
        _index: 'articles',
        _id: `${i}`,
        _score: 1.5,
        _source: { title: 'x'.repeat(210) },
      })),
    },
  }),
);
const HEAD = Buffer.from(
  `HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\ncontent-length: ${ANSWER.length}\r\n\r\n`,
);
const WHOLE = Buffer.concat([HEAD, ANSWER]);

const [kind = '', upstreamPort = ''] = process.argv.slice(2);
const upstream = `http://127.0.0.1:${upstreamPort}`;

/** Answers each request with the same bytes, for as little work as Node allows. */
function stub(): Promise<number> {
  const server = createServer((socket) => {
    let missing = 0;
    let rest: Buffer | undefined;
    socket.setNoDelay(true).on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      while (bytes.length > 0) {
        if (missing > 0) {
          const taken = Math.min(missing, bytes.length);
          missing -= taken;
          bytes = bytes.subarray(taken);
          if (missing === 0) socket.write(WHOLE);
          continue;
        }
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = bytes;
          return;
        }
        missing = Number(/content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0);
        bytes = bytes.subarray(end + 4);
        if (missing === 0) socket.write(WHOLE);
      }
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

function bareAgent(): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const server = createHttpServer((request, response) => {
    const { method, url, headers } = request;
    const forwarded = httpRequest(`${upstream}${url}`, { method: method!, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  return listening(server);
}

function bareUndici(): Promise<number> {
  const pool = new Pool(upstream, { connections: 128 });
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host, connection, 'content-length': length, ...headers } = request.headers;
      const body = chunks.length === 0 ? null : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      pool.dispatch(
        { path: request.url!, method: request.method as 'POST', headers, body },
        {
          onConnect: () => undefined,
          onHeaders: (status, raw) => {
            response.writeHead(status, raw.map(String));
            return true;
          },
          onData: (chunk) => response.write(chunk),
          onComplete: () => void response.end(),
          onError: () => response.destroy(),
        },
      );
    });
  });
  return listening(server);
}

function listening(server: ReturnType<typeof createHttpServer>): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

async function territoryProxy(): Promise<number> {
  const rewriter = new Rewriter(await franceTree(), {
    shorthand: 'territory',
    indices: [['articles*', { units: 'territories', ancestors: 'territory_path' }]],
    aliases: {},
    definitions: 'reject',
    unknown: 'error',
    limits: { depth: 1000, expandedBytes: 104_857_600 },
    cacheBytes: 67_108_864,
  });
  let records = 0;
  const server = new ProxyServer(
    {
      nodes: [new URL(upstream)],
      host: '127.0.0.1',
      port: 0,
      upstream: { timeoutMs: 0, connections: 128 },
      limits: { inFlight: 1024, bodyBytes: 104_857_600, bufferedBytes: 536_870_912 },
    },
    {
      rewriters: new Rewriters(rewriter),
      observer: {
        request: () => {
          records += 1;
        },
      },
      internal: (_request, response) => void response.end(String(records)),
      mergeMsearch,
    },
  );
  return (await server.listen()).port;
}

const KINDS: Readonly<Record<string, () => Promise<number>>> = {
  stub,
  'http.Agent': bareAgent,
  'undici dispatch': bareUndici,
  'territory-proxy': territoryProxy,
};

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMicros: user + system, rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
process.send!({ port: await KINDS[kind]!() });
