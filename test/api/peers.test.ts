/** Who is on this machine, by the address of the connection: what no test over loopback can show. */
import type { IncomingMessage } from 'node:http';
import { hostCheck } from '../../src/api/host-check.js';
import type { Peer } from '../../src/api/peer.js';
import { AdminRight } from '../../src/api/right.js';

const request = (headers: Record<string, string>, rawHeaders = Object.entries(headers).flat()) =>
  ({ headers, rawHeaders }) as unknown as IncomingMessage;

/** What a client of this address is told who asks under a name of this machine. */
const refused = (peer: Peer, headers: Record<string, string> = { host: 'localhost:9280' }) =>
  new AdminRight(null, () => peer).refusal(request(headers))?.message;

it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
  'takes a client at %s for one of this machine',
  (address) => {
    expect(refused({ address, encrypted: false })).toBeUndefined();
  },
);

it.each([
  '192.0.2.1',
  '::ffff:192.0.2.1',
  '10.127.0.0',
  '1127.0.0.1',
  '127.0.0.1.evil.example',
  '128.0.0.1',
  '::',
  '::2',
  '2001:db8::1',
  '::ffff:10.0.0.127',
  '0.0.0.0',
  '',
  undefined,
])('takes a client at %s for none', (address) => {
  expect(refused({ address, encrypted: false })).toContain('is not local');
});

it('knows a page of its own by the scheme too', () => {
  const from = (origin: string) => ({ host: 'localhost:9280', origin });
  expect(refused({ address: '::1', encrypted: true }, from('https://localhost:9280'))).toBeUndefined();
  expect(refused({ address: '::1', encrypted: true }, from('http://localhost:9280'))).toContain('another origin');
  expect(refused({ address: '::1', encrypted: false }, from('https://localhost:9280'))).toContain('another origin');
});

it('answers no request with two Hosts, whichever of them is known', () => {
  const check = hostCheck([]);
  expect(() => check(request({ host: 'localhost' }))).not.toThrow();
  for (const raw of [
    ['Host', 'localhost', 'host', 'evil.example'],
    ['HOST', 'evil.example', 'Host', 'localhost'],
    ['Host', 'localhost', 'Host', 'localhost'],
  ]) {
    expect(() => check(request({ host: 'localhost' }, raw))).toThrow('none of the names');
  }
});
