import { readFileSync } from 'node:fs';
import { createServer, type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { UpstreamTls } from '../../src/proxy/options.js';
import { exchange, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

/** A private authority, and what it signed for localhost and 127.0.0.1; used by nothing but this test. */
function pem(name: string): Buffer {
  return readFileSync(new URL(`./support/certificates/${name}.pem`, import.meta.url));
}

interface Seen {
  peer: string | undefined;
  servername: string | false | undefined;
  host: string | undefined;
}

async function secureNode(): Promise<{
  port: number;
  seen: Seen[];
  connections: () => number;
  close: () => Promise<void>;
}> {
  const seen: Seen[] = [];
  let connections = 0;
  const options = {
    cert: pem('server'),
    key: pem('server.key'),
    ca: pem('ca'),
    requestCert: true,
    rejectUnauthorized: true,
  };
  const server = createServer(options, (incoming, response) => {
    const socket = incoming.socket as TLSSocket & { servername?: string | false };
    seen.push({
      peer: socket.getPeerCertificate().subject.CN?.toString(),
      servername: socket.servername,
      host: incoming.headers.host,
    });
    response.end('secure');
  }).on('secureConnection', () => {
    connections += 1;
  });
  // No idle connection is closed by the time between two requests of a test.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    seen,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const CLIENT: UpstreamTls = { ca: pem('ca'), cert: pem('client'), key: pem('client.key') };

it('speaks TLS to Elasticsearch with its own authority and certificate, whatever Host the client sends', async () => {
  const node = await secureNode();
  for (const name of ['localhost', '127.0.0.1']) {
    const proxy = await startProxy({ nodes: [new URL(`https://${name}:${node.port}`)], upstream: { tls: CLIENT } });
    const before = node.connections();
    for (const host of ['a.example', 'b.example', 'a.example']) {
      await exchange(proxy.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    }
    expect(node.connections() - before).toBe(1);
    await proxy.close();
  }
  expect(node.seen.slice(0, 3)).toEqual(
    ['a.example', 'b.example', 'a.example'].map((host) => ({ peer: 'client', servername: 'localhost', host })),
  );
  expect(node.seen[3]).toEqual({ peer: 'client', servername: false, host: 'a.example' });
  await node.close();
});

it('answers 502 where the certificate is not to be trusted, or its own is missing', async () => {
  const node = await secureNode();
  for (const [tls, reason] of [
    [{ cert: pem('client'), key: pem('client.key') }, /certificate/i],
    [{ ca: pem('ca') }, /alert|socket|certificate/i],
  ] as const) {
    const proxy = await startProxy({ nodes: [new URL(`https://localhost:${node.port}`)], upstream: { tls } });
    const answer = await fetch(`${proxy.url}/`);
    expect(answer.status).toBe(502);
    expect(((await answer.json()) as { error: { reason: string } }).error.reason).toMatch(reason);
    await proxy.close();
  }
  expect(node.seen).toHaveLength(0);
  await node.close();
});

it('speaks TLS to clients, and asks for their certificate where it must', async () => {
  const stub = await new StubUpstream().listen();
  const tls = { cert: pem('server'), key: pem('server.key'), ca: pem('ca'), clientCertificate: 'required' as const };
  const proxy = await startProxy({ nodes: [stub.url], tls });
  const get = (options: RequestOptions): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: proxy.port, ca: pem('ca'), agent: false, ...options }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });
  expect(await get({ cert: pem('client'), key: pem('client.key') })).toBe(200);
  await expect(get({})).rejects.toThrow();
  expect(stub.requests).toHaveLength(1);
  await proxy.close();
  await stub.close();
});
