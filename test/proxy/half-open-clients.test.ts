import { connect, type Socket } from 'node:net';
import { eventually, proxyWithStub } from './support/proxy.js';
import { answer } from './support/upstream.js';

const pair = proxyWithStub();
const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';

/** A client that never closes its side. */
function stubborn(bytes: string): { socket: Socket; text: () => string; hasEnd: () => boolean } {
  const socket = connect({ port: pair.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  return { socket, text: () => text, hasEnd: () => ended };
}

async function closesAtOnce(): Promise<void> {
  let ended = false;
  const closing = pair.proxy.server.close({ graceMs: 600_000 }).then(() => {
    ended = true;
  });
  await eventually(() => ended);
  await closing;
}

for (const [name, request] of [
  ['a plain request', GET],
  ['a request that is not plain', GET.replace('Host: x', 'Host:x')],
  ['a body that streamed', 'POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'],
]) {
  it(`does not wait at its end for a client that keeps its side open after the answer to ${name}`, async () => {
    pair.stub.respond = (_request, socket) => {
      setTimeout(() => socket.write(answer('{"late":1}')), 300);
      return undefined;
    };
    const client = stubborn(request!);
    await pair.stub.received(1);
    await closesAtOnce();
    await eventually(client.hasEnd);
    expect(client.text()).toMatch(/\r\nConnection: close\r\n[\s\S]*\{"late":1\}$/i);
    client.socket.destroy();
  });
}

for (const [name, bytes] of [
  ['never says anything', ''],
  ['has been answered', GET],
  ['sent what is no request', 'what is no request\r\n\r\n'],
  ['ended in the midst of a head', 'GET /a HTT'],
]) {
  it(`does not wait at its end for a client that ${name} and keeps its side open`, async () => {
    const client = stubborn(bytes!);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await closesAtOnce();
    client.socket.destroy();
  });
}

it('lets go of a client that sent what is no request, though that keeps its side open or goes on sending', async () => {
  const silent = stubborn('what is no request\r\n\r\n');
  const endless = stubborn(`GET /a HTTP/1.1\r\nX: ${'x'.repeat(300_000)}`);
  const more = setInterval(() => endless.socket.write('more'), 20);
  await eventually(() => silent.hasEnd() && endless.hasEnd());
  clearInterval(more);
  expect(silent.text()).toMatch(/^HTTP\/1\.1 400 /);
  expect(endless.text()).toMatch(/^HTTP\/1\.1 431 /);
  await closesAtOnce();
  for (const { socket } of [silent, endless]) socket.destroy();
});
