import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiRelay } from '../../../src/cli/workers/api-relay.js';
import { ApiSocket } from '../../../src/cli/workers/api-socket.js';
import { readPeer } from '../../../src/cli/workers/peer-header.js';
import { eventually, exchange, RawClient } from '../../proxy/support/proxy.js';

let folder: string;
let primary: ApiSocket;
let worker: Server;
let port: number;
let api: RequestListener;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'territory-relay-'));
  primary = new ApiSocket(folder, (request, response) => api(request, response));
  await primary.listen();
  worker = createServer(apiRelay(primary.path));
  await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve));
  port = (worker.address() as AddressInfo).port;
});

afterEach(async () => {
  worker.close();
  worker.closeAllConnections();
  await primary.close();
  await rm(folder, { recursive: true });
});

it('passes a request on as it came, and says who sent it, whatever the client says', async () => {
  let got: IncomingMessage | undefined;
  api = (request, response) => {
    got = request;
    response.end('{}');
  };
  await exchange(
    port,
    'GET /_territory/a%2Fb?x=1 HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-For: 1.2.3.4\r\nTerritory-Peer: tls 192.0.2.1\r\nOrigin: null\r\n\r\n',
  );
  expect(got?.url).toBe('/_territory/a%2Fb?x=1');
  expect(got?.headers).toMatchObject({ host: 'evil.example', 'x-forwarded-for': '1.2.3.4', origin: 'null' });
  expect(readPeer(got as IncomingMessage)).toEqual({ address: '127.0.0.1', encrypted: false });
});

it('takes a request of nobody for one of nobody', () => {
  for (const header of [undefined, '', 'tcp', 'tcp 1.2.3.4, tcp 127.0.0.1', 'tcp 127.0.0.1\ttls']) {
    const request = { headers: { 'territory-peer': header } } as unknown as IncomingMessage;
    expect(readPeer(request).address).toBeUndefined();
  }
});

it.each([
  ['with its length', 'Content-Length: 5\r\n\r\nhello'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'],
])('passes a body on %s', async (_, rest) => {
  api = async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(`${text} ${request.headers['content-length'] ?? 'chunked'}`);
  };
  const { body } = await exchange(port, `POST /_territory/resolve HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${rest}`);
  expect(body).toMatch(/^hello (5|chunked)$/);
});

it('passes an answer back with its status, its headers and its length', async () => {
  api = (_request, response) => {
    response.writeHead(418, { 'content-length': '2', 'x-one': ['a', 'b'] }).end('{}');
  };
  const { head, body } = await exchange(port, 'GET /_territory/x HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1.1 418 /);
  expect(head.match(/^x-one: .*$/gm)).toEqual(['x-one: a', 'x-one: b']);
  expect(head).toMatch(/^content-length: 2\r$/im);
  expect(body).toBe('{}');
});

it('passes events on as they come, and lets go of them when the client goes', async () => {
  let closed = false;
  let tell: (text: string) => void = () => undefined;
  api = (_request, response) => {
    response.on('close', () => {
      closed = true;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    tell = (text) => void response.write(text);
  };
  const client = new RawClient(port).send('GET /_territory/events HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/text\/event-stream/);
  tell('event: one\n\n');
  await client.until(/event: one/);
  client.close();
  await eventually(() => closed);
});

it('answers 500 in the shape of Elasticsearch when the primary is gone', async () => {
  await primary.close();
  const { head, body } = await exchange(port, 'GET /_territory/livez HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1.1 500 /);
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'territory_internal_exception' }, status: 500 });
});
